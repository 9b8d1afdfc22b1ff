import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Api from "../dist/index.js";

const pkg = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const bytes = readFileSync(path.join(pkg, "dist/suggest_bg.wasm"));
const program = path.join(pkg, "bin/genie-handoff.js");
const SOURCE = "main.raw.orders";
const TARGET = "main.mart.orders";
const KNOWN = { now: "2026-01-16T08:00:00Z", planId: "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10" };

const CONTEXT: Api.HandoffContext = {
  genie_session_id: "01f0a4c123b11612bd272d1371c17149",
  space_id: "01f0d439536b13219fdaeeb975729fae",
  validated_tables: [TARGET, SOURCE],
  validated_columns: {
    [SOURCE]: ["order_id", "amount", "updated_at"],
    [TARGET]: ["order_id", "amount", "updated_at"],
  },
  column_types: { [SOURCE]: { order_id: "bigint", amount: "decimal(18,2)", updated_at: "timestamp" } },
  keys: { [SOURCE]: ["order_id"] },
  user_intent: `Append only new rows of ${SOURCE} to ${TARGET} every day at 2 am`,
  exploration_summary: { queries_run: 2, tables_explored: 2, sample_data_reviewed: false },
  exploration_queries: [
    { query: `SELECT * FROM ${SOURCE} WHERE updated_at > (SELECT MAX(updated_at) FROM ${TARGET})` },
    { query: "SELECT FROM WHERE" },
  ],
};

/** Every test starts like a fresh page. */
beforeEach(() => {
  vi.resetModules();
});

const web = () => import("../dist/web.js") as Promise<typeof Api>;
const inline = () => import("../dist/inline.js") as Promise<typeof Api>;

async function failure(run: () => unknown): Promise<Api.HandoffError> {
  try {
    await run();
  } catch (error) {
    return error as Api.HandoffError;
  }
  throw new Error("expected a failure");
}

describe("the second module", () => {
  const answer = (status = 200) =>
    new Response(status === 200 ? bytes : "no", { status, headers: { "content-type": "application/wasm" } });
  function stubFetch(...statuses: number[]) {
    const fetch = vi.fn(async (_: string | URL | Request) => answer(statuses.shift()));
    vi.stubGlobal("fetch", fetch);
    return fetch;
  }

  it("is loaded by the first call, once, and without the first module", async () => {
    const fetch = stubFetch();
    const { suggestPlan, readSql } = await web();
    expect(fetch).not.toHaveBeenCalled();
    await Promise.all([suggestPlan(CONTEXT), suggestPlan(CONTEXT), readSql("SELECT 1")]);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(String(fetch.mock.calls[0]?.[0])).toMatch(/\/dist\/suggest_bg\.wasm$/);
  });

  it("is asked for again after a failure", async () => {
    const fetch = stubFetch(503);
    const { suggestPlan } = await web();
    const error = await failure(() => suggestPlan(CONTEXT));
    expect([error.code, error.retryable]).toEqual(["wasm_unavailable", true]);
    expect(error.help).toContain("suggest_bg.wasm");
    expect((await suggestPlan(CONTEXT)).pattern).toBe("INCREMENTAL_APPEND");
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("comes from elsewhere if initSuggest says so, and is not the first", async () => {
    const fetch = stubFetch(404);
    const { initSuggest, readSql } = await web();
    const first = readFileSync(path.join(pkg, "dist/handoff_bg.wasm"));
    expect((await failure(() => initSuggest(first))).code).toBe("wasm_invalid");
    await initSuggest(bytes);
    expect((await readSql("SELECT a FROM b")).tables[0]?.name).toBe("b");
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe("suggestPlan", () => {
  let api: typeof Api;
  beforeAll(async () => {
    api = await inline();
    await api.init();
  });

  it("gives a plan with reasons, alternatives and open questions", async () => {
    const draft = await api.suggestPlan(CONTEXT, {
      ...KNOWN,
      owner: "ada@example.com",
      timeZone: "Europe/Berlin",
    });
    expect(draft.pattern).toBe("INCREMENTAL_APPEND");
    expect(draft.plan.source).toMatchObject({ catalog: "main", schema: "raw", table: "orders" });
    expect(draft.plan.target).toMatchObject({ catalog: "main", schema: "mart", table: "orders" });
    expect(draft.plan.schedule).toMatchObject({ timezone: "Europe/Berlin" });
    expect(draft.unixCron).toBe("0 2 * * *");
    expect(draft.reasons.flatMap(({ evidence }) => evidence.map((e) => e.where))).toContain("query 1");
    expect(draft.alternatives.map(({ pattern }) => pattern)).not.toContain("INCREMENTAL_APPEND");
    expect(draft.unread).toMatchObject([{ path: "/exploration_queries/1/query", code: "query_unparsable" }]);
    expect(Object.keys(draft.alternatives[0] ?? {})).toEqual(["pattern", "score", "whyNot"]);
  });

  it("asks for everything that keeps the plan from being valid", async () => {
    const { plan, open } = await api.suggestPlan(CONTEXT);
    const errors = api.validatePlan(plan).issues.filter(({ severity }) => severity === "error");
    expect(errors.length).toBeGreaterThan(0);
    for (const { path } of errors) {
      expect(
        open.some((one) => path.startsWith(one.path)),
        path,
      ).toBe(true);
    }
    expect(open.map(({ path }) => path)).toContain("/plan_metadata/owner");
    expect(JSON.stringify(plan)).not.toContain("timezone");
  });

  it("gives equal drafts for equal options, and a new id and the time without", async () => {
    expect(await api.suggestPlan(CONTEXT, KNOWN)).toEqual(await api.suggestPlan(CONTEXT, KNOWN));
    const ids = [];
    for (const options of [{}, { owner: undefined as never }]) {
      const { plan } = await api.suggestPlan(CONTEXT, options);
      const metadata = plan.plan_metadata as Record<string, string>;
      ids.push(metadata.plan_id);
      expect(Date.now() - Date.parse(metadata.created_at ?? "")).toBeLessThan(60_000);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it("refuses with codes", async () => {
    const { suggestPlan } = api;
    expect((await failure(() => suggestPlan(undefined as never))).code).toBe("invalid_argument");
    expect((await failure(() => suggestPlan([] as never))).code).toBe("context_invalid");
    const options = { zone: "UTC" } as never;
    expect((await failure(() => suggestPlan(CONTEXT, options))).code).toBe("option_invalid");
  });
});

describe("readSql", () => {
  it("gives tables, columns and features", async () => {
    const { readSql } = await inline();
    const reading = await readSql(
      "SELECT c.city, date_trunc('DAY', at) AS day, COUNT(*) AS n FROM Main.Raw.Orders o JOIN main.raw.customers c ON o.cid = c.id " +
        "WHERE at >= current_date() - INTERVAL 7 DAYS AND name = 'planted-secret' GROUP BY 1, 2",
      { "main.raw.orders": ["cid", "at"] },
    );
    expect(reading.tables.map(({ name, roles }) => [name, roles])).toEqual([
      ["main.raw.orders", ["from"]],
      ["main.raw.customers", ["join"]],
    ]);
    expect(reading.ranges[0]).toMatchObject({
      column: { table: "main.raw.orders", column: "at" },
      bound: "relative",
      lower: true,
    });
    expect(reading.joins).toHaveLength(1);
    expect(JSON.stringify(reading)).not.toContain("planted-secret");
  });

  it.each([
    ["", "query_empty"],
    ["SELECT 1; DROP TABLE x", "query_several_statements"],
    ["DELETE FROM x", "query_not_a_query"],
    ["WITH a AS (SELECT 1) INSERT INTO x SELECT * FROM a", "query_not_a_query"],
    ["SELECT (((", "query_unparsable"],
  ])("refuses %s", async (sql, code) => {
    const { readSql } = await inline();
    const error = await failure(() => readSql(sql));
    expect([error.code, error.path]).toEqual([code, "sql"]);
    expect(error.help).toBeTruthy();
  });

  it("takes texts only", async () => {
    const { readSql } = await inline();
    expect((await failure(() => readSql(7 as never))).code).toBe("invalid_argument");
  });
});

describe("genie-handoff plan", () => {
  const run = (args: string[], input: string) =>
    spawnSync(process.execPath, [program, ...args], { input, encoding: "utf8" });
  const fixed = ["--plan-id", KNOWN.planId, "--now", KNOWN.now];

  it("takes a context or a link, and prints the same draft as the function", async () => {
    const { suggestPlan } = await inline();
    const { status, stdout, stderr } = run(["plan", ...fixed], JSON.stringify(CONTEXT));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual((await suggestPlan(CONTEXT, KNOWN)).plan);
    expect(stderr).toContain("Suggested: INCREMENTAL_APPEND");
    expect(stderr).toContain("/plan_metadata/owner: ");
    expect(stderr).toContain("query_unparsable");
    const link = execFileSync(process.execPath, [program, "encode", "-"], {
      input: JSON.stringify(CONTEXT),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    }).trim();
    for (const [args, input] of [
      [["plan", ...fixed, "--quiet"], `${link}\n`],
      [["plan", link, ...fixed, "--quiet"], ""],
    ] as const) {
      const out = run([...args], input);
      expect([out.status, out.stderr]).toEqual([0, ""]);
      expect(JSON.parse(out.stdout)).toMatchObject({ pattern: { type: "INCREMENTAL_APPEND" } });
    }
  });

  it("gives everything as JSON, and takes what a context does not say", () => {
    const args = [
      "plan",
      "--json",
      "--owner",
      "ada@example.com",
      "--time-zone",
      "Asia/Tokyo",
      "--warehouse-id",
      "w1",
    ];
    const { status, stdout, stderr } = run(args, JSON.stringify(CONTEXT));
    expect([status, stderr]).toEqual([0, ""]);
    const { plan, reasons, alternatives, open } = JSON.parse(stdout);
    expect(plan.schedule.timezone).toBe("Asia/Tokyo");
    expect(plan.plan_metadata.owner).toBe("ada@example.com");
    for (const list of [reasons, alternatives]) expect(list.length).toBeGreaterThan(0);
    expect(Array.isArray(open)).toBe(true);
  });

  it("says what is wrong", () => {
    expect(run(["plan"], "not a link").status).toBe(1);
    expect(run(["plan"], "[]").status).toBe(1);
    expect(run(["plan", "--zone", "x"], "{}").status).toBe(2);
  });
});
