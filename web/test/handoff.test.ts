import { type HandoffContext, HandoffError } from "genie-handoff";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Finding, GenieSpace, Inspection } from "../src/api";
import { keepLink, keptLink, takeLink } from "../src/handoff/address";
import { openHandoff } from "../src/handoff/open";
import { type HandoffAction, reduceHandoff, startHandoff } from "../src/handoff/state";
import { otherKeys, tablesOf } from "../src/handoff/summary";
import { contextOfSpace } from "../src/pipeline/context";
import { fallbackFor, requestLink } from "../src/pipeline/make";
import { markText } from "../src/pipeline/marks";
import { intentFindings, reducePipeline, startPipeline } from "../src/pipeline/state";
import { groupFindings, placeName } from "../src/ui/findings";
import { splitHidden } from "../src/ui/unsafeText";

const createHandoff = vi.hoisted(() => vi.fn());
const signHandoff = vi.hoisted(() => vi.fn());
vi.mock("../src/api/genie", () => ({ client: { createHandoff, signHandoff } }));

const id = "01f0eca3dc1b1cbc9b65fa58f94c18ad";
const space = {
  space_id: id,
  id,
  table_identifiers: ["a.b.c", "a.b.d"],
  warehouse_id: "4b9b953939869799",
} as GenieSpace;
const now = new Date("2026-11-21T03:00:00.123Z");
const context = contextOfSpace(space, " Daily revenue \n", now);

function memoryStore(full = false): Storage {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (full) throw new DOMException("full", "QuotaExceededError");
      held.set(key, value);
    },
    removeItem: (key: string) => void held.delete(key),
  } as Storage;
}

describe("the context of a space", () => {
  it("holds what is known and invents nothing", () => {
    expect(context).toEqual({
      genie_session_id: "",
      space_id: id,
      validated_tables: ["a.b.c", "a.b.d"],
      validated_columns: {},
      user_intent: "Daily revenue",
      exploration_summary: { queries_run: 0, tables_explored: 2, sample_data_reviewed: false },
      exploration_queries: [],
      created_at: "2026-11-21T03:00:00Z",
      warehouse_id: "4b9b953939869799",
    });
  });

  it("has no warehouse where the space has none", () => {
    expect(contextOfSpace({ ...space, warehouse_id: null }, "x", now)).not.toHaveProperty("warehouse_id");
  });
});

describe("making a link", () => {
  const signal = new AbortController().signal;
  beforeEach(() => {
    createHandoff.mockReset();
    signHandoff.mockReset();
    signHandoff.mockRejectedValue(
      new HandoffError("route_unknown", "There is nothing here.", { status: 404 }),
    );
  });

  it("takes the server's", async () => {
    const url = "https://handoff.example.com/h/abc";
    createHandoff.mockResolvedValue({
      handoff_id: "abc",
      url,
      context,
      readiness: { ready: true, issues: [] },
    });
    expect(await requestLink(space, " Daily ", signal)).toEqual({
      url,
      length: url.length,
      step: "2000",
      findings: [],
    });
    expect(createHandoff).toHaveBeenCalledWith({ spaceId: id, userIntent: "Daily" }, { signal });
  });

  it.each([
    ["no-route", new HandoffError("route_unknown", "There is nothing here.", { status: 404 })],
    ["offline", new HandoffError("network_error", "The server could not be reached.")],
    ["offline", new HandoffError("timeout", "The server was too slow.")],
  ])("makes an unsigned one itself: %s", async (unsigned, error) => {
    createHandoff.mockRejectedValue(error);
    const made = await requestLink(space, "Daily", signal, () => now);
    expect(made).toMatchObject({ unsigned, step: "2000", length: made.url.length });
    expect(made.url).toMatch(/^\/handoff#context=[A-Za-z0-9_-]+$/);
    expect(made.findings.map(({ code }) => code)).toContain("session_missing");
  });

  it("has its own link signed by a server that signs", async () => {
    createHandoff.mockRejectedValue(new HandoffError("route_unknown", "No.", { status: 404 }));
    signHandoff.mockImplementation(async (payload: string) => ({
      payload: `s${payload}`,
      key_id: "k",
      expires: 1,
      audience: "h",
    }));
    const made = await requestLink(space, "Daily", signal, () => now);
    expect(made.unsigned).toBeUndefined();
    expect(made.url).toMatch(/^\/handoff#context=sb[A-Za-z0-9_-]+$/);
    expect(made.length).toBe(made.url.length);
  });

  it("says that a server has no key", async () => {
    createHandoff.mockRejectedValue(new HandoffError("route_unknown", "No.", { status: 404 }));
    signHandoff.mockRejectedValue(new HandoffError("signing_off", "No key.", { status: 404 }));
    expect(await requestLink(space, "Daily", signal, () => now)).toMatchObject({ unsigned: "no-key" });
  });

  it("calls a server's link signed only if it saw a signature", async () => {
    const answer = (url: string) => ({
      handoff_id: null,
      url,
      context,
      readiness: { ready: true, issues: [] },
    });
    createHandoff.mockResolvedValue(answer("https://h.example/handoff#context=zzz"));
    expect(await requestLink(space, "Daily", signal)).toMatchObject({ unsigned: "no-key" });
  });

  it("never goes round a refusal by itself", async () => {
    const refusal = new HandoffError("not_allowed", "No.", { status: 403 });
    createHandoff.mockRejectedValue(refusal);
    await expect(requestLink(space, "Daily", signal)).rejects.toBe(refusal);
    expect(fallbackFor(new HandoffError("space_unknown", "No such space.", { status: 404 }))).toBeUndefined();
  });
});

describe("the words of an intent", () => {
  const finding = (start: number, end: number): Finding => ({
    severity: "warning",
    code: "personal_email",
    path: "/user_intent",
    message: "m",
    help: "h",
    span: { start, end },
  });

  it("are marked where findings lie, also where these overlap or lie beside the text", () => {
    const marks = (findings: Finding[]) =>
      markText("abcdef", findings)
        .map(({ text, marked }) => (marked ? `[${text}]` : text))
        .join("");
    expect(marks([finding(4, 5), finding(1, 3), finding(2, 4)])).toBe("a[bc][d][e]f");
    expect(marks([finding(5, 9), finding(3, 3)])).toBe("abcdef");
    expect(marks([])).toBe("abcdef");
  });

  it("are never judged by what was found in other words", () => {
    const inspection = {
      context,
      readiness: { ready: true, issues: [] },
      removed: { warnings: [finding(0, 1)] },
    } as unknown as Inspection;
    let state = reducePipeline(startPipeline("a@b"), { type: "seen", intent: "a@b", inspection });
    expect(intentFindings(state)).toHaveLength(1);
    state = reducePipeline(state, { type: "write", intent: "a" });
    expect(intentFindings(state)).toEqual([]);
  });

  it("take a made link away when they change, and a late answer does not bring it back", () => {
    const link = { url: "x", length: 1, step: "2000", findings: [] } as const;
    let state = reducePipeline(startPipeline("a"), { type: "make", at: 1 });
    state = reducePipeline(state, { type: "made", link });
    expect(state.step).toEqual({ kind: "made", link });
    state = reducePipeline(state, { type: "write", intent: "b" });
    expect(state.step.kind).toBe("writing");
    expect(reducePipeline(state, { type: "made", link }).step.kind).toBe("writing");
  });
});

describe("the link in the address", () => {
  afterEach(() => keepLink(undefined, undefined));
  const at = (rest: string) => {
    const url = new URL(`https://h.example/handoff${rest}`);
    const replaceState = vi.fn();
    return { location: url as unknown as Location, history: { replaceState }, replaceState };
  };

  it.each(["#context=b123", "?context=b123", "?x=1&context=b123", "?context=old#context=b123"])(
    "is taken out of %s and kept whole",
    (rest) => {
      const store = memoryStore();
      const { location, history, replaceState } = at(rest);
      expect(takeLink({ location, history, store })).toBe(true);
      expect(replaceState).toHaveBeenCalledWith(null, "", "/handoff");
      expect(store.getItem("genie-handoff.link")).toBe(`https://h.example/handoff${rest}`);
    },
  );

  it.each(["", "#handoff", "?xcontext=1", "#subcontext=1"])("is not seen in %j", (rest) => {
    const store = memoryStore();
    const { location, history, replaceState } = at(rest);
    expect(takeLink({ location, history, store })).toBe(false);
    expect(replaceState).not.toHaveBeenCalled();
    expect(keptLink(store)).toBeUndefined();
  });

  it("survives without storage until the page goes, and leaves no older link behind", () => {
    const store = memoryStore();
    keepLink("old", store);
    store.setItem = memoryStore(true).setItem;
    keepLink("new", store);
    expect(keptLink(store)).toBe("new");
    expect(store.getItem("genie-handoff.link")).toBeNull();
    expect(keptLink(undefined)).toBe("new");
  });
});

describe("opening a link", () => {
  const never = new AbortController().signal;
  const run = async (link: string, signal = never) => {
    const said: HandoffAction[] = [];
    await openHandoff(link, (action) => said.push(action), signal, never);
    return said;
  };

  it("says what is wrong with a damaged one", async () => {
    const [action, ...more] = await run("b123456789");
    expect(more).toEqual([]);
    expect(action).toMatchObject({ type: "failed", error: { code: "link_damaged" } });
  });

  it("takes values out that another tool left in", async () => {
    const given = { ...context, exploration_queries: [{ query: "SELECT 1 FROM t WHERE name = 'Ada'" }] };
    const [action] = await run(JSON.stringify(given));
    expect(action).toMatchObject({
      type: "shown",
      handoff: { trust: "unsigned", inspection: { removed: { strings: 1, numbers: 1 } } },
    });
    expect(JSON.stringify(action?.type === "shown" && action.handoff.context)).not.toContain("Ada");
  });

  it("is silent once nobody waits for it", async () => {
    expect(await run("b1", AbortSignal.abort())).toEqual([]);
  });

  it("tells a bad link from code that did not load", () => {
    const reading = startHandoff("x", 1);
    const failed = (code: string) =>
      reduceHandoff(reading, { type: "failed", error: new HandoffError(code, "m") }).kind;
    expect(failed("link_damaged")).toBe("refused");
    expect(failed("wasm_unavailable")).toBe("no-code");
    const closed = reduceHandoff(reading, { type: "forget" });
    expect(reduceHandoff(closed, { type: "tampered", host: "h" })).toEqual({ kind: "empty" });
  });
});

describe("what is shown", () => {
  it("names characters that cannot be seen, and leaves the others alone", () => {
    const shown = (text: string, lines?: boolean) =>
      splitHidden(text, lines)
        .map((part) => (part.hidden ? `{${part.text}}` : part.text))
        .join("");
    expect(shown("a\u202eb")).toBe("a{U+202E}b");
    expect(shown("a\nb\tc")).toBe("a{U+000A}b{U+0009}c");
    expect(shown("a\nb\tc", true)).toBe("a\nb\tc");
    expect(shown("or\u200cders\u200b")).toBe("or{U+200C}ders{U+200B}");
    expect(shown("👩\u200d💻 می\u200cخواهم 売上")).toBe("👩\u200d💻 می\u200cخواهم 売上");
    expect(shown("\ud800x\u{e0041}")).toBe("{U+D800}x{U+E0041}");
    expect(shown("")).toBe("");
  });

  it("says the same thing once, the worst first", () => {
    const one = (severity: Finding["severity"], path: string, message = "m"): Finding => ({
      severity,
      code: "c",
      path,
      message,
      help: "h",
    });
    expect(
      groupFindings([one("info", "/z"), one("warning", "/a"), one("warning", "/b"), one("error", "")]),
    ).toEqual([
      { severity: "error", code: "c", message: "m", help: "h", paths: [""] },
      { severity: "warning", code: "c", message: "m", help: "h", paths: ["/a", "/b"] },
      { severity: "info", code: "c", message: "m", help: "h", paths: ["/z"] },
    ]);
    expect(placeName({ t: ["a/b"], "x~y": "z" }, "/t/0")).toBe("a/b");
    expect(placeName({ "x~/y": "z" }, "/x~0~1y")).toBe("z");
    expect(placeName({}, "/constructor")).toBeUndefined();
  });

  it("has every table once, with types and keys, whatever tables are called", () => {
    const given: HandoffContext = {
      ...context,
      validated_tables: ["a.b.c", "a.b.c", "constructor"],
      validated_columns: { "a.b.c": ["id", "x"], "a.b.z": ["y"] },
      column_types: { "a.b.c": { id: "BIGINT" } },
      keys: { "a.b.c": ["id"] },
      custom: 1,
    };
    expect(tablesOf(given)).toEqual([
      {
        name: "a.b.c",
        columns: [
          { name: "id", type: "BIGINT", key: true },
          { name: "x", key: false },
        ],
      },
      { name: "constructor", columns: [] },
      { name: "a.b.z", columns: [{ name: "y", key: false }] },
    ]);
    expect(otherKeys(given)).toEqual(["custom"]);
  });
});
