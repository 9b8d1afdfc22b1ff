import { beforeAll, describe, expect, it } from "vitest";
import { init, initSuggest } from "../../pkg/dist/inline.js";
import { colourSql, type Finding, type HandoffContext, type Plan } from "../src/api";
import { messageWords, queriesOf, statesIntent, takenAlong } from "../src/conversations/messages";
import { struckOut } from "../src/pipeline/struck";
import { placeOf } from "../src/review/digest";
import { digestOf } from "../src/review/groupDigest";
import { draftKey, draftLimit, parseDraft, readDraft, readHistory, writeDraft } from "../src/review/keep";
import { type Block, blocksOf, piecesOf, sameBlock } from "../src/review/lines";
import { switchPattern, versioned } from "../src/review/patterns";
import { isWithin, step, tableAt, textsAt, valueAt, withValue } from "../src/review/pointer";
import { questionsOf, settledKey } from "../src/review/questions";
import type { PlanRecord } from "../src/review/server";
import { isSaved, type ReviewState, reduceReview, sameContent, startReview } from "../src/review/state";
import { plainPlan, type Suggestion, tableParts } from "../src/review/suggestion";
import { waitsOf } from "../src/review/waits";

beforeAll(() => Promise.all([init(), initSuggest()]));

const plan = {
  schema_version: "1.0",
  plan_metadata: { plan_id: "p", plan_name: "customers", owner: "ada@example.com", version: "1.0.0" },
  pattern: { type: "MERGE_UPSERT" },
  source: { catalog: "main", schema: "raw", table: "customers", columns: ["id", "name"] },
  target: { catalog: "main", schema: "mart", table: "customers", write_mode: "merge" },
  pattern_config: { merge_keys: ["id"], update_columns: ["name"] },
  execution_config: { warehouse_id: "w" },
} as unknown as Plan;
const suggestion: Suggestion = {
  kind: "suggested",
  plan,
  pattern: "MERGE_UPSERT",
  score: 0.5,
  reasons: [],
  alternatives: [],
  open: [],
};
const issue = (path: string, code = "plan_missing", severity: Finding["severity"] = "error"): Finding => ({
  severity,
  code,
  path,
  message: `${path} is missing`,
  help: "Add it.",
});

describe("pointers", () => {
  it("reads and changes a place, and leaves the rest as it is", () => {
    const changed = withValue(plan, "/source/columns/1", "city");
    expect(textsAt(changed, "/source/columns")).toEqual(["id", "city"]);
    expect(changed.target).toBe(plan.target);
    expect(withValue(plan, "/source/table", "customers")).toBe(plan);
    expect(withValue(plan, "/source/nothing", undefined)).toBe(plan);
  });

  it("makes optional parts, and takes them out when they are empty", () => {
    const with_ = withValue(plan, "/schedule/type", "cron");
    expect(valueAt(with_, "/schedule/type")).toBe("cron");
    expect(withValue(with_, "/schedule/type", undefined)).not.toHaveProperty("schedule");
    expect(withValue(plan, "/pattern_config/merge_keys", undefined)).toHaveProperty("pattern_config");
  });

  it("takes names with slashes and tildes, and no inherited ones", () => {
    const path = `/plan_metadata/tags${step("a/b~c")}`;
    expect(valueAt(withValue(plan, path, "x"), path)).toBe("x");
    expect(valueAt(plan, "/constructor/name")).toBeUndefined();
    expect(isWithin("/source/columns/0", "/source/columns")).toBe(true);
    expect(isWithin("/source/columns_", "/source/columns")).toBe(false);
    expect(tableAt(withValue(plan, "/source/schema", undefined), "/source")).toBe("main.….customers");
  });
});

describe("patterns", () => {
  it("keeps the key under the name of the new pattern, and drops what it does not take", () => {
    const scd2 = switchPattern(plan, "SCD2");
    expect(scd2).toMatchObject({ pattern: { type: "SCD2" }, target: { write_mode: "merge" } });
    expect(scd2.pattern_config).toEqual({ business_keys: ["id"] });
    expect(switchPattern(scd2, "MERGE_UPSERT").pattern_config).toEqual({ merge_keys: ["id"] });
    expect(switchPattern(plan, "FULL_REPLACE").target.write_mode).toBe("overwrite");
    expect(switchPattern(plan, "MERGE_UPSERT")).toBe(plan);
  });

  it("says schema 1.1 only where it is needed", () => {
    expect(switchPattern(plan, "DEDUPLICATE").schema_version).toBe("1.1");
    expect(versioned(withValue(plan, "/pattern_config/hard_deletes", "delete")).schema_version).toBe("1.1");
    expect(versioned(plan)).toBe(plan);
  });
});

describe("questions", () => {
  it("asks what is missing first, each thing once, and leads to the first place", () => {
    const open = [{ path: "/target", code: "target_unknown", question: "Which table?" }];
    const issues = [
      issue("/target/catalog"),
      issue("/target/schema"),
      issue("/source/filter", "plan_filter"),
      issue("/schedule", "late", "warning"),
    ];
    const asked = questionsOf(plan, issues, { ...suggestion, open }, []);
    expect(asked.map(({ path, kind }) => [path, kind])).toEqual([
      ["/target/catalog", "answer"],
      ["/source/filter", "wrong"],
      ["/schedule", "look"],
    ]);
    expect(asked[0]?.text).toBe("Which table?");
  });

  it("asks to confirm what was suggested, until somebody did, changed it, or took another pattern", () => {
    const open = [{ path: "/pattern_config/merge_keys", code: "key", question: "Is it unique?" }];
    const given = { ...suggestion, open };
    expect(questionsOf(plan, [], given, [])).toMatchObject([{ kind: "confirm" }]);
    expect(
      questionsOf(plan, [], given, [settledKey({ path: "/pattern_config/merge_keys", code: "key" })]),
    ).toEqual([]);
    expect(questionsOf(withValue(plan, "/pattern_config/merge_keys", ["name"]), [], given, [])).toEqual([]);
    expect(questionsOf(switchPattern(plan, "SCD2"), [], given, [])).toEqual([]);
  });
});

const record = (of: Plan, plan_hash: string, version = "1.0.0"): PlanRecord =>
  ({
    plan_id: "p",
    plan_name: "customers",
    version,
    plan_hash,
    plan: of,
    deployment: null,
  }) as unknown as PlanRecord;
const start = (): ReviewState => startReview({ plan, suggestion });
const edit = (state: ReviewState, path: string, value: unknown, at = 0): ReviewState =>
  reduceReview(state, { type: "edit", path, value, label: path, at });

describe("the state of a review", () => {
  it("makes one step of typing, and one of each choice", () => {
    let state = edit(start(), "/source/filter", "a", 0);
    state = edit(state, "/source/filter", "ab", 400);
    state = edit(state, "/source/filter", "abc", 2000);
    state = edit(state, "/source/columns", ["id"], 2100);
    expect(state.history.past).toHaveLength(3);
    state = reduceReview(state, { type: "undo" });
    expect(textsAt(state.history.present, "/source/columns")).toEqual(["id", "name"]);
    expect(reduceReview(state, { type: "redo" }).history.future).toEqual([]);
  });

  it("takes the version of the server without a step, and knows what is saved by content", () => {
    const mine = edit(start(), "/source/filter", "x");
    const sent = mine.history.present;
    const theirs = withValue(sent, "/plan_metadata/version", "1.1.0");
    const saved = reduceReview(mine, {
      type: "saved",
      saved: { record: record(theirs, "h2", "1.1.0"), etag: '"h2"' },
      sent,
    });
    expect(isSaved(saved)).toBe(true);
    expect(saved.base).toBe("h2");
    expect(saved.history.past).toHaveLength(1);
    const back = reduceReview(saved, { type: "undo" });
    expect(valueAt(back.history.present, "/plan_metadata/version")).toBe("1.1.0");
    expect(isSaved(back)).toBe(false);
  });

  it("keeps what was typed while it was being saved", () => {
    const sent = start().history.present;
    const typed = edit(start(), "/source/filter", "later");
    const saved = reduceReview(typed, {
      type: "saved",
      saved: { record: record(sent, "h1"), etag: "e" },
      sent,
    });
    expect(valueAt(saved.history.present, "/source/filter")).toBe("later");
    expect(isSaved(saved)).toBe(false);
  });

  it("does not write over a version that it was not made from", () => {
    const mine = startReview({ plan: withValue(plan, "/source/filter", "mine"), suggestion, base: "h1" });
    const found = (hash: string) =>
      reduceReview(mine, {
        type: "found",
        saved: { record: record(withValue(plan, "/source/filter", "theirs"), hash), etag: "e" },
      });
    expect(found("h1").saved).toBeDefined();
    const conflict = found("h2");
    expect(conflict).toMatchObject({ conflict: { etag: "e" } });
    expect(conflict.saved).toBeUndefined();
    const kept = reduceReview(conflict, { type: "keep-mine" });
    expect(kept).toMatchObject({ base: "h2", saved: { etag: "e" } });
    const taken = reduceReview(conflict, { type: "take-theirs", label: "theirs" });
    expect(valueAt(taken.history.present, "/source/filter")).toBe("theirs");
    expect(valueAt(reduceReview(taken, { type: "undo" }).history.present, "/source/filter")).toBe("mine");
  });

  it("compares content whatever the order of keys", () => {
    expect(sameContent({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] })).toBe(true);
    expect(sameContent({ a: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(sameContent([], {})).toBe(false);
  });

  it("says what each button waits for", () => {
    const facts = { up: true, valid: true, answers: 0, author: true, deployer: true };
    expect(waitsOf(start(), facts)).toMatchObject({ save: "", count: "", run: "" });
    expect(waitsOf(start(), facts).deploy).toContain("saved");
    expect(waitsOf(start(), { ...facts, up: false }).save).toContain("server");
    expect(waitsOf(start(), { ...facts, valid: false, answers: 2 }).save).toContain("2 things");
    expect(waitsOf(start(), { ...facts, author: false }).save).toContain("author");
    const busy = reduceReview(start(), { type: "working", what: "saving", at: 0 });
    expect(waitsOf(busy, facts).save).not.toBe("");
  });
});

function memoryStore(): Storage {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
    key: (at: number) => [...held.keys()][at] ?? null,
    get length() {
      return held.size;
    },
  } as Storage;
}

describe("drafts", () => {
  const context = {
    genie_session_id: "s",
    validated_tables: ["a.b.c"],
    validated_columns: {},
  } as unknown as HandoffContext;

  it("come back with their steps, and only with steps that lead to them", () => {
    const [local, session] = [memoryStore(), memoryStore()];
    const { history } = edit(start(), "/source/filter", "x");
    const draft = { plan: history.present, settled: ["a"], revision: "r1", at: 1, base: "h" };
    expect(writeDraft(local, session, "genie-handoff.review.k", draft, history)).toBe(true);
    expect(readDraft(local, "genie-handoff.review.k")).toEqual(draft);
    expect(readHistory(session, "genie-handoff.review.k", draft)?.past).toHaveLength(1);
    expect(readHistory(session, "genie-handoff.review.k", { ...draft, revision: "r2" })).toBeUndefined();
  });

  it("of equal contexts are the same, of others are not; the oldest go", () => {
    expect(draftKey(context)).toBe(draftKey({ ...context }));
    expect(draftKey(context)).not.toBe(draftKey({ ...context, user_intent: "x" }));
    const local = memoryStore();
    for (let at = 0; at < draftLimit + 3; at += 1) {
      const draft = { plan, settled: [], revision: "r", at };
      writeDraft(local, undefined, `genie-handoff.review.${at}`, draft, start().history);
    }
    expect(local.length).toBe(draftLimit);
    expect(readDraft(local, "genie-handoff.review.0")).toBeUndefined();
  });

  it.each([null, "", "{", "[]", "null", '{"format":2,"plan":{}}', '{"format":1,"plan":7}'])(
    "%s is none",
    (text) => {
      expect(parseDraft(text)).toBeUndefined();
    },
  );
});

describe("words", () => {
  it("says a part of the plan in a line, and where a place is", () => {
    expect(digestOf("source", plan)).toBe("main.raw.customers · 2 columns");
    expect(digestOf("config", plan)).toContain("by id");
    const schedule = {
      type: "cron",
      cron_expression: "0 0 6 * * ?",
      timezone: "Europe/Berlin",
      enabled: false,
    };
    expect(digestOf("schedule", { ...plan, schedule })).toBe(
      "Every day at 06:00, Europe/Berlin time (paused)",
    );
    expect(placeOf("/target/catalog")).toBe("Target, Catalog");
    expect(placeOf("/schedule/type")).toBe("Schedule, Starts");
    expect(placeOf("/elsewhere")).toBe("");
  });

  it("reads tables with dots in backquotes, and none that is not one", () => {
    expect(tableParts("a.`b.c`.d")).toEqual({ catalog: "a", schema: "b.c", table: "d" });
    expect(tableParts("a.b")).toEqual({});
    expect(tableParts(undefined)).toEqual({});
    const context = { genie_session_id: "", validated_tables: ["a.b.Orders 1"], validated_columns: {} };
    const plain = plainPlan(context as unknown as HandoffContext, { now: new Date(0), planId: "p" });
    expect(plain.plan).toMatchObject({
      plan_metadata: { plan_name: "orders_1", created_at: "1970-01-01T00:00:00Z" },
      source: { table: "Orders 1" },
    });
    expect(plain.plan.plan_metadata.tags).toBeUndefined();
  });

  it("carries the session and the space by which the server finds the handoff", () => {
    const context = { genie_session_id: "s1", space_id: "s2", validated_tables: [], validated_columns: {} };
    const plain = plainPlan(context as unknown as HandoffContext, { now: new Date(0), planId: "p" });
    expect(plain.plan.plan_metadata.tags).toEqual({ genie_session_id: "s1", genie_space_id: "s2" });
  });
});

describe("lines of SQL", () => {
  const shown = (blocks: readonly Block[]) =>
    blocks.flatMap(({ lines }) => lines.map(({ state, text }) => `${state} ${text}`));
  const coloured = (blocks: readonly Block[]) =>
    blocks.flatMap((block) =>
      piecesOf(block).map((line) =>
        line.map(({ kind, text }) => (kind === "" ? text : `<${kind}:${text}>`)).join(""),
      ),
    );

  it("puts what is gone in its place", () => {
    const sql = "-- head\nA\nB\nC";
    const blocks = blocksOf(sql, colourSql(sql), [
      { kind: "same", text: "A" },
      { kind: "removed", text: "SELECT" },
      { kind: "added", text: "B" },
      { kind: "same", text: "C" },
    ]);
    expect(shown(blocks)).toEqual(["same -- head", "same A", "removed SELECT", "added B", "same C"]);
    expect(coloured(blocks)).toEqual([
      "<comment:-- head>",
      "<keyword:A>",
      "SELECT",
      "<keyword:B>",
      "<keyword:C>",
    ]);
  });

  it("colours across lines and blocks, and takes words of one colour together", () => {
    const sql = `SELECT a, 'x\ny' AS b\nWHERE a IS NOT NULL /* ${"\n".repeat(60)} */ AND 1 < 2`;
    const blocks = blocksOf(sql, colourSql(sql), undefined);
    expect(blocks).toHaveLength(2);
    const lines = coloured(blocks);
    expect(lines.slice(0, 3)).toEqual([
      "<keyword:SELECT> a, <string:'x>",
      "<string:y'> <keyword:AS> b",
      "<keyword:WHERE> a <keyword:IS NOT NULL> <comment:/* >",
    ]);
    expect(lines.at(-1)).toBe("<comment: */> <keyword:AND> <number:1> < <number:2>");
    // Nothing is lost or doubled.
    expect(shown(blocks).join("\n")).toBe(
      sql
        .split("\n")
        .map((line) => `same ${line}`)
        .join("\n"),
    );
    expect(lines.join("\n").replace(/<\w+:|>/g, "")).toBe(sql);
  });

  it("knows a block in which nothing changed, and one in which anything did", () => {
    const of = (sql: string) => blocksOf(sql, colourSql(sql), undefined);
    const lines = Array.from({ length: 100 }, (_, at) => `a${at}`);
    const before = of(lines.join("\n"));
    const after = of(lines.with(50, "x").join("\n"));
    expect(before.map((block, at) => sameBlock(block, after[at] as Block))).toEqual([true, false, true]);
    // The same text in another colour: it has become part of a comment.
    const comment = of(["/*", ...lines.slice(1, -1), "*/"].join("\n"));
    expect(sameBlock(before[1] as Block, comment[1] as Block)).toBe(false);
  });
});

describe("conversations", () => {
  it.each([
    ["FILTERING_CONTEXT", "working"],
    ["EXECUTING_QUERY", "working"],
    ["COMPLETED", "answered"],
    ["QUERY_RESULT_EXPIRED", "answered"],
    ["FAILED", "ended"],
    ["CANCELLED", "ended"],
    ["SOMETHING_NEW", "working"],
  ])("says %s in words", (status, state) => {
    const words = messageWords({ message_id: "m", status });
    expect(words.state).toBe(state);
    expect(words.text).not.toBe("");
    if (status === "SOMETHING_NEW") expect(words.text).toContain(status);
  });

  it("gives along what somebody else needs to help, and nothing of what was asked", () => {
    const failed = (type: string) => ({
      message_id: "m1",
      status: "FAILED",
      content: "a question",
      error: { type, error: "SELECT on main.hr.pay" },
    });
    const denied = failed("PERMISSION_DENIED");
    expect(messageWords(denied).take).toBe("request");
    expect(takenAlong(denied, "request", "c1", "s1").split("\n").slice(1)).toEqual([
      "space: s1",
      "conversation: c1",
      "message: m1",
      "status: FAILED",
      "error: PERMISSION_DENIED",
      "reason: SELECT on main.hr.pay",
    ]);
    expect(messageWords(failed("SQL_EXECUTION_EXCEPTION")).take).toBe("details");
    expect(takenAlong(failed("X"), "details", "c1", "s1")).not.toContain("question");
    expect(messageWords(failed("RATE_LIMIT_EXCEEDED")).take).toBeUndefined();
    expect(messageWords({ message_id: "m", status: "NEW" }).take).toBe("details");
  });

  it("offers a pipeline where something is wanted again and again, and nowhere else", () => {
    const asks = (content: string) => statesIntent({ message_id: "m", content });
    expect(asks("I need this every morning before 7")).toBe(true);
    expect(asks("Put this into production, refreshed hourly")).toBe(true);
    expect(asks("How many events did we receive per day in the last two weeks?")).toBe(false);
    expect(asks("Then give me the daily rows that are missing, in the shape of customer_daily")).toBe(false);
    expect(asks("Which product sells best?")).toBe(false);
    expect(statesIntent({ message_id: "m" })).toBe(false);
  });

  it("takes the queries out of attachments that it understands", () => {
    const attachments = [{ query: { query: "SELECT 1" } }, { text: {} }, null, { query: {} }];
    expect(queriesOf({ message_id: "m", attachments: attachments as never })).toEqual(["SELECT 1"]);
    expect(queriesOf({ message_id: "m" })).toEqual([]);
  });

  it("strikes out what stays here", () => {
    const parts = struckOut(
      "SELECT a FROM t WHERE n = 'Jane' AND x > 12",
      "SELECT a FROM t WHERE n = :str AND x > :num",
    );
    expect(parts.filter(({ struck }) => struck).map(({ text }) => text.trim())).toEqual(["'Jane'", "12"]);
    expect(parts.map(({ text }) => text).join("")).toBe("SELECT a FROM t WHERE n = 'Jane' AND x > 12");
    expect(struckOut("SELECT 1", "").every(({ struck, text }) => struck || text.trim() === "")).toBe(true);
  });
});
