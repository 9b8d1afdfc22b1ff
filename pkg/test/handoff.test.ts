import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { HandoffContext, HandoffError } from "../dist/index.js";
import {
  checkReadiness,
  decodeHandoff,
  HandoffError as ErrorClass,
  encodeHandoff,
  init,
  redactContext,
} from "../dist/inline.js";
import { context } from "./fixtures.js";

beforeAll(() => init());

/** The contexts and the links that every version must read. */
const GOLDEN = new URL("../../crates/handoff/tests/golden/v1/", import.meta.url);
const golden = (name: string) => readFileSync(new URL(name, GOLDEN), "utf8");
const CONTEXTS = readdirSync(GOLDEN).filter((name) => name.endsWith(".json"));

function failure(run: () => unknown): HandoffError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ErrorClass);
    return error as HandoffError;
  }
  throw new Error("expected a failure");
}

function broken(): never {
  throw new Error("not mine");
}

/** A text that no codec can shorten much. */
function noise(words: number): string {
  let seed = 7;
  const word = () => {
    seed = (seed * 48271) % 2147483647;
    return seed.toString(36);
  };
  return Array.from({ length: words }, word).join(" ");
}

describe("encodeHandoff", () => {
  it("gives what the design names, and how far the link travels", () => {
    const made = encodeHandoff(context(), { baseUrl: "https://handoff.example.com" });
    expect(Object.keys(made).sort()).toEqual(["context", "length", "payload", "removed", "step", "url"]);
    expect(made.url).toBe(`https://handoff.example.com/handoff#context=${made.payload}`);
    expect(made.payload).toMatch(/^[\w-]*[A-Za-z0-9]$/);
    expect([made.length, made.step]).toEqual([made.url.length, "2000"]);
  });

  it("redacts by itself: no literal gets into a link", () => {
    const made = encodeHandoff(context());
    expect(made.context).toEqual(redactContext(context()).context);
    expect(made.removed).toMatchObject({ strings: 1, numbers: 1 });
    expect(JSON.stringify(decodeHandoff(made.url))).not.toMatch(/planted-secret|4711/);
  });

  it("makes equal links of equal contexts, and does not touch what it was given", () => {
    const given = context();
    const before = structuredClone(given);
    const links = new Set(Array.from({ length: 20 }, () => encodeHandoff(given).url));
    links.add(encodeHandoff(structuredClone(given)).url);
    links.add(encodeHandoff(encodeHandoff(given).context).url);
    expect(links.size).toBe(1);
    expect(given).toEqual(before);
  });

  it("takes its options", () => {
    const primed = encodeHandoff(context()).payload;
    const plain = encodeHandoff(context(), { mode: "plain" }).payload;
    expect([primed[0], plain[0]]).toEqual(["b", "a"]);
    expect(encodeHandoff(context(), { place: "query" }).url).toBe(`/handoff?context=${primed}`);
    expect(encodeHandoff(context(), { baseUrl: "http://127.0.0.1:8787" }).url).toBe(
      `http://127.0.0.1:8787/handoff#context=${primed}`,
    );
  });

  it("points to the page's own origin, and to none outside of a page", () => {
    expect(encodeHandoff(context()).url).toMatch(/^\/handoff#context=/);
    vi.stubGlobal("location", new URL("https://pages.example.com/app/board"));
    expect(encodeHandoff(context()).url).toMatch(/^https:\/\/pages\.example\.com\/handoff#context=/);
    expect(encodeHandoff(context(), { baseUrl: "https://a.example" }).url).toMatch(/^https:\/\/a\.example\//);
    for (const href of ["about:blank", "file:///home/x.html", "data:text/html,x"]) {
      vi.stubGlobal("location", new URL(href));
      expect(encodeHandoff(context()).url).toMatch(/^\/handoff#context=/);
    }
  });

  it.each([
    [{ mode: "zip" }, "mode"],
    [{ place: "path" }, "place"],
    [{ baseURL: "https://typing.error" }, "baseURL"],
    [{ baseUrl: 7 }, "baseUrl"],
  ])("refuses the options %j", (options, path) => {
    expect(failure(() => encodeHandoff(context(), options as never))).toMatchObject({
      code: "option_invalid",
      path,
    });
  });

  it.each(["ftp://host", "javascript:alert(1)//", "handoff.example.com", ""])(
    "refuses the base %j",
    (baseUrl) => {
      expect(failure(() => encodeHandoff(context(), { baseUrl })).code).toBe("base_invalid");
    },
  );

  it("says every problem of a context at once", () => {
    const error = failure(() => encodeHandoff({ validated_tables: "x", validated_columns: 7 } as never));
    expect(error.code).toBe("context_invalid");
    expect(error.help).toBeTruthy();
    const paths = error.issues?.map(({ path }) => path) ?? [];
    expect(paths).toEqual(expect.arrayContaining(["/validated_tables", "/validated_columns"]));
    for (const issue of error.issues ?? []) {
      expect(Object.keys(issue).sort()).toEqual(["code", "help", "message", "path", "severity"]);
    }
  });
});

describe("hostile and odd contexts", () => {
  const given = (value: unknown) => () => encodeHandoff(value as HandoffContext);

  it("cyclic", () => {
    const cyclic: Record<string, unknown> = context();
    cyclic.self = cyclic;
    const error = failure(given(cyclic));
    expect([error.code, error.path]).toEqual(["invalid_argument", "context"]);
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it.each([
    ["nothing", undefined],
    ["a function", () => {}],
    ["a symbol", Symbol("x")],
    ["a big integer inside", { ...context(), big: 1n }],
    ["a toJSON that throws", { toJSON: broken }],
    ["a getter that throws", Object.defineProperty({}, "x", { enumerable: true, get: broken })],
  ] as [string, unknown][])("%s", (_, value) => {
    expect(failure(given(value))).toMatchObject({ code: "invalid_argument", path: "context" });
  });

  it.each([null, 7, "text", [], true])("%j is no context", (value) => {
    expect(failure(given(value)).code).toBe("context_invalid");
  });

  it("__proto__, constructor and toString are keys like any other, and pollute nothing", () => {
    const odd = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"toString":3,"hasOwnProperty":4}',
    );
    const tables = JSON.parse(
      '{"__proto__":["a"],"city_library.circulation.loans":["constructor","__proto__"]}',
    );
    const made = encodeHandoff({ ...context(), validated_columns: tables, more: odd } as never);
    const read = decodeHandoff(made.url).context;
    expect(JSON.stringify(read.more)).toBe(JSON.stringify(odd));
    expect(JSON.stringify(read.validated_columns)).toBe(JSON.stringify(tables));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(checkReadiness(read).issues.length).toBeGreaterThan(0);
  });

  it("undefined members are left out, as JSON does it", () => {
    const made = encodeHandoff(context({ target_table: undefined } as never));
    expect(made.url).toBe(encodeHandoff(context()).url);
  });

  it("lone surrogates are refused and not replaced", () => {
    for (const lone of ["\ud800", "a\udfffb"]) {
      expect(failure(given(context({ user_intent: lone }))).code).toBe("json_invalid");
    }
    const whole = "😀 \u0000 \u001b \u2028 日本語 ﷽";
    expect(decodeHandoff(encodeHandoff(context({ user_intent: whole })).url).context.user_intent).toBe(whole);
  });

  it("too deep, too many, too large: refused by name, and the next call works", () => {
    let deep: unknown = 1;
    for (let n = 0; n < 40; n += 1) deep = [deep];
    let deepest: unknown = 1;
    for (let n = 0; n < 5000; n += 1) deepest = { a: deepest };
    const tables = Array.from({ length: 1001 }, (_, n) => `a.b.t${n}`);
    for (const more of [
      { deep },
      { deepest },
      { validated_tables: tables },
      { user_intent: "x".repeat(300_000) },
      { blob: "y".repeat(20_000_000) },
    ]) {
      expect(failure(given(context(more))).code).toMatch(/^(?:too_large|json_invalid|invalid_argument)$/);
      expect(encodeHandoff(context()).payload).toMatch(/^b/);
    }
  });

  it("a link that is too long is made, and says so", () => {
    const made = encodeHandoff(context({ user_intent: noise(3000) }));
    expect(made.step).toBe("over");
    expect(made.length).toBeGreaterThan(8000);
    expect(decodeHandoff(made.url).context.user_intent).toBe(noise(3000));
  });
});

describe("decodeHandoff", () => {
  it.each(CONTEXTS)("reads the kept links of %s", (name) => {
    const wanted = JSON.parse(golden(name));
    for (const [version, format] of [
      ["a", "plain"],
      ["b", "primed"],
    ] as const) {
      const link = golden(name.replace(".json", `.${version}.link`)).trim();
      const decoded = decodeHandoff(link);
      expect(decoded.format).toBe(format);
      expect(JSON.stringify(decoded.context)).toBe(JSON.stringify(wanted));
      // That one has numbers and keys that JavaScript changes; the command line hands them through.
      if (name === "10-odd-values.json") continue;
      const payload = link.slice(link.indexOf("context=") < 0 ? 0 : link.indexOf("context=") + 8);
      expect(encodeHandoff(decoded.context, { mode: format }).payload).toBe(payload);
    }
  });

  it("gives what the design names", () => {
    const decoded = decodeHandoff(encodeHandoff(context()).url);
    expect(Object.keys(decoded).sort()).toEqual(["context", "format", "signature", "warnings"]);
    expect(decoded).toMatchObject({ format: "primed", signature: { state: "unsigned" }, warnings: [] });
    expect(decoded.context).toEqual(redactContext(context()).context);
    expect(Object.keys(decoded.context)).toEqual(Object.keys(context()));
  });

  it("reads the forms that other tools make", () => {
    const json = JSON.stringify(context());
    const bytes = Buffer.from(json);
    for (const [text, format] of [
      [bytes.toString("base64url"), "base64-json"],
      [bytes.toString("base64"), "base64-json"],
      [`https://x.example/handoff?context=${encodeURIComponent(bytes.toString("base64"))}`, "base64-json"],
      [encodeURIComponent(json), "percent-json"],
      [`https://x.example/handoff?context=${encodeURIComponent(json)}&utm=1`, "percent-json"],
      [json, "json"],
    ] as const) {
      const decoded = decodeHandoff(text);
      expect(decoded.format).toBe(format);
      expect(decoded.context.validated_tables).toEqual(context().validated_tables);
    }
  });

  it.each([
    ["", "link_empty"],
    ["https://handoff.example.com/handoff", "link_empty"],
    ["hello world", "link_unrecognised"],
    ["\ud800", "link_unrecognised"],
    ["x".repeat(70_000), "too_large"],
    ["x".repeat(20_000_000), "too_large"],
  ])("refuses %#", (text, code) => {
    const error = failure(() => decodeHandoff(text));
    expect(error.code).toBe(code);
    expect(error.message.length).toBeGreaterThan(0);
    expect(error.help?.length).toBeGreaterThan(0);
  });

  it.each([undefined, null, 7, {}, [], Symbol("x"), { toString: () => "x" }])("%s is no text", (value) => {
    expect(failure(() => decodeHandoff(value as never))).toMatchObject({
      code: "invalid_argument",
      path: "linkOrPayload",
    });
  });

  it("never takes a damaged link for another context", () => {
    const { payload } = encodeHandoff(context());
    const codes = new Set<string>();
    for (let at = 0; at < payload.length; at += 1) {
      const changed = payload[at] === "Q" ? "R" : "Q";
      for (const damaged of [
        payload.slice(0, at) + changed + payload.slice(at + 1),
        payload.slice(0, at) + payload.slice(at + 1),
        payload.slice(0, at) + payload[at] + payload.slice(at),
        payload.slice(0, at),
      ]) {
        codes.add(failure(() => decodeHandoff(damaged)).code);
      }
    }
    expect(codes).toContain("link_damaged");
    expect([...codes].filter((code) => !/^link_/.test(code))).toEqual([]);
  });
});

describe("redactContext", () => {
  it("takes data out and says what; twice is the same as once", () => {
    const once = redactContext(context());
    expect(Object.keys(once).sort()).toEqual(["context", "removed"]);
    expect(once.removed).toMatchObject({ strings: 1, numbers: 1, comments: 0, hints: 0, queries: 0 });
    expect(JSON.stringify(once)).not.toMatch(/planted-secret|4711/);
    expect(once.context.user_intent).toBe(context().user_intent);
    const twice = redactContext(once.context);
    expect(twice.context).toEqual(once.context);
    expect(twice.removed).toMatchObject({ strings: 0, numbers: 0 });
  });

  it("flags what looks personal with its place in UTF-16 units", () => {
    const user_intent = "😀 ask grace@example.com";
    const { removed, context: same } = redactContext(context({ user_intent }));
    const [warning] = removed.warnings;
    expect(warning).toMatchObject({ severity: "warning", path: "/user_intent" });
    expect(user_intent.slice(warning?.span?.start, warning?.span?.end)).toBe("grace@example.com");
    expect(same.user_intent).toBe(user_intent);
  });
});

describe("checkReadiness", () => {
  const [TABLE = ""] = context().validated_tables;

  it("is ready, and says what it could not check", () => {
    const { ready, issues } = checkReadiness(context());
    expect(ready).toBe(true);
    expect(issues.map(({ code, severity }) => [code, severity])).toEqual([["not_checked_catalog", "info"]]);
    expect(Object.keys(checkReadiness(context())).sort()).toEqual(["issues", "ready"]);
  });

  it("checks against a catalog", () => {
    const columns = context().validated_columns[TABLE] ?? [];
    expect(checkReadiness(context(), { [TABLE]: columns })).toEqual({ ready: true, issues: [] });
    const codes = (catalog: Record<string, string[] | null>) =>
      checkReadiness(context(), catalog).issues.map(({ code, path }) => [code, path]);
    expect(codes({})).toContainEqual(["table_not_found", "/validated_tables/0"]);
    expect(codes({ [TABLE]: columns.slice(1) })).toContainEqual([
      "column_not_found",
      `/validated_columns/${TABLE}/0`,
    ]);
    expect(codes({ [TABLE]: null })).toContainEqual(["not_checked_columns", `/validated_columns/${TABLE}`]);
    expect(checkReadiness(context(), {}).ready).toBe(false);
  });

  it("is not ready without an intent and without a table", () => {
    const { ready, issues } = checkReadiness(
      context({ user_intent: " ", validated_tables: [], validated_columns: {} }),
    );
    expect(ready).toBe(false);
    expect(issues.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["intent_missing", "tables_missing"]),
    );
    for (const { message, help } of issues) expect(message.length * help.length).toBeGreaterThan(0);
  });

  it("refuses a catalog that is none", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(failure(() => checkReadiness(context(), cyclic as never)).code).toBe("invalid_argument");
    const error = failure(() => checkReadiness(context(), { [TABLE]: "id" } as never));
    expect(error.issues?.[0]).toMatchObject({ code: "catalog_malformed", path: `/${TABLE}` });
  });
});
