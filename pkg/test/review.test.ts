import { beforeAll, describe, expect, it } from "vitest";
import {
  checkPlan,
  colourSql,
  compareSql,
  describeSchedule,
  HandoffError,
  highlightSql,
  init,
  initSuggest,
  type Plan,
  renderLoad,
  renderSql,
  sqlKinds,
  validatePlan,
} from "../dist/inline.js";

beforeAll(() => init());

describe("before initSuggest", () => {
  it("what the second module does says what to call", () => {
    for (const run of [() => compareSql("", ""), () => describeSchedule("0 0 6 * * ?")]) {
      const error = failure(run);
      expect([error.code, error.help]).toEqual([
        "not_initialised",
        expect.stringContaining("await initSuggest()"),
      ]);
    }
  });
});

const plan: Plan = {
  schema_version: "1.0",
  plan_metadata: {
    plan_id: "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
    plan_name: "customers",
    owner: "ada@example.com",
    created_at: "2026-01-16T08:00:00Z",
    version: "1.0.0",
  },
  pattern: { type: "MERGE_UPSERT" },
  source: { catalog: "main", schema: "raw", table: "customers", columns: ["id", "name"] },
  target: { catalog: "main", schema: "mart", table: "customers", write_mode: "merge" },
  pattern_config: { merge_keys: ["id"] },
  execution_config: { warehouse_id: "0123456789abcdef" },
};

function failure(run: () => unknown): HandoffError {
  try {
    run();
  } catch (error) {
    if (HandoffError.is(error)) return error;
  }
  throw new Error("It did not fail with a HandoffError.");
}

describe("renderLoad", () => {
  it("is the load of renderSql, byte by byte, with its colours", () => {
    const { sql, highlight } = renderSql(plan, { genieSession: "s1" });
    expect(renderLoad(plan, { genieSession: "s1" })).toEqual({ sql, highlight });
  });

  it("refuses what renderSql refuses", () => {
    const error = failure(() => renderLoad({ ...plan, pattern_config: {} }));
    expect(error.code).toBe("plan_invalid");
    expect(error.issues?.map(({ path }) => path)).toContain("/pattern_config/merge_keys");
  });
});

describe("checkPlan", () => {
  it("is validatePlan and the load of renderSql, with the same options", () => {
    const options = { genieSession: "s1" };
    expect(checkPlan(plan, options)).toEqual({
      report: validatePlan(plan),
      sql: renderSql(plan, options).sql,
    });
  });

  it("has no SQL for a plan that is not renderable, and takes what is no plan", () => {
    const incomplete = { ...plan, pattern_config: {} };
    expect(checkPlan(incomplete)).toEqual({ report: validatePlan(incomplete) });
    expect(checkPlan(null).report).toMatchObject({ valid: false, renderable: false });
    expect(failure(() => checkPlan(plan, { nothing: 1 } as never)).code).toBe("option_invalid");
  });
});

describe("compareSql and highlightSql", () => {
  beforeAll(() => initSuggest());

  it("tells what changed, without the header", () => {
    const after = renderLoad({ ...plan, source: { ...plan.source, filter: "id > 1" } }).sql;
    const lines = compareSql(renderLoad(plan).sql, after);
    expect(lines.filter(({ kind }) => kind === "added").map(({ text }) => text.trim())).toContain(
      "WHERE (id > 1)",
    );
    expect(lines.some(({ text }) => text.startsWith("--"))).toBe(false);
  });

  it("keeps every line of both texts in its place", () => {
    const before = "-- one\n-- two\nA\nB\r\nC\n-- here\nD\nE";
    const after = "-- one\nA\nX\nY\nC\n-- here\nE\nF";
    expect(compareSql(before, after)).toEqual([
      { kind: "same", text: "A" },
      { kind: "removed", text: "B" },
      { kind: "added", text: "X" },
      { kind: "added", text: "Y" },
      { kind: "same", text: "C" },
      { kind: "same", text: "-- here" },
      { kind: "removed", text: "D" },
      { kind: "same", text: "E" },
      { kind: "added", text: "F" },
    ]);
    expect(compareSql("", "-- x\nA\n")).toEqual([{ kind: "added", text: "A" }]);
  });

  it("counts as JavaScript does", () => {
    const sql = "SELECT '😀' AS a -- x";
    expect(highlightSql(sql).map(({ start, end, kind }) => [sql.slice(start, end), kind])).toEqual([
      ["SELECT", "keyword"],
      ["'😀'", "string"],
      ["AS", "keyword"],
      ["a", "identifier"],
      ["-- x", "comment"],
    ]);
    expect([...colourSql("a -- x")]).toEqual([
      0,
      1,
      sqlKinds.indexOf("identifier"),
      2,
      6,
      sqlKinds.indexOf("comment"),
    ]);
    const kinds = highlightSql("SELECT a, 'b', 1 -- c\n\u0000").map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(sqlKinds));
    expect(failure(() => highlightSql(1 as never)).code).toBe("invalid_argument");
    expect(failure(() => compareSql("", undefined as never)).path).toBe("after");
  });
});

describe("describeSchedule", () => {
  beforeAll(() => initSuggest());

  it("says it in words and gives the next runs in the zone", () => {
    const after = Date.parse("2026-03-27T12:00:00Z");
    const { words, runs } = describeSchedule("0 30 2 * * ?", { timezone: "Europe/Berlin", after, count: 3 });
    expect(words).toBe("Every day at 02:30");
    // On 29 March there is no 02:30 in Berlin.
    expect(runs.map(({ local, note }) => [local, note])).toEqual([
      ["2026-03-28T02:30:00+01:00", "regular"],
      ["2026-03-29T03:30:00+02:00", "moved"],
      ["2026-03-30T02:30:00+02:00", "regular"],
    ]);
    expect(new Date((runs[0]?.at ?? 0) * 1000).toISOString()).toBe("2026-03-28T01:30:00.000Z");
  });

  it("knows a time that comes twice, and zones with half hours", () => {
    const twice = describeSchedule("0 30 1 * * ?", {
      timezone: "America/New_York",
      after: Date.parse("2026-10-31T12:00:00Z"),
      count: 1,
    });
    expect(twice.runs).toMatchObject([{ local: "2026-11-01T01:30:00-05:00", note: "repeated" }]);
    const half = describeSchedule("0 0 6 * * ?", { timezone: "Asia/Kolkata", after: 0, count: 1 });
    expect(half.runs[0]?.local).toBe("1970-01-01T06:00:00+05:30");
  });

  it("is UTC and now without options", () => {
    const { runs } = describeSchedule("0 0 0 * * ?");
    expect(runs).toHaveLength(5);
    expect(runs.every(({ local }) => local.endsWith("T00:00:00+00:00"))).toBe(true);
    expect((runs[0]?.at ?? 0) * 1000).toBeGreaterThan(Date.now());
  });

  it.each([
    ["0 6 * * *", {}, "cron_invalid"],
    ["0 0 6 * * *", {}, "cron_invalid"],
    ["0 0 6 * * ?", { timezone: "Mars/Base" }, "timezone_unknown"],
    [7, {}, "invalid_argument"],
  ])("refuses %s", (cron, options, code) => {
    const error = failure(() => describeSchedule(cron as string, options));
    expect(error.code).toBe(code);
  });
});
