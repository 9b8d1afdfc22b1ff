// What a plan would do: EXPLAIN and counts from the warehouse, within limits, and never a write.

import http from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, until, worker } from "./harness.mjs";

const WAREHOUSE = "4b9b953939869799";
const STOPPED = "9c27de10a4f85b63";
const STATEMENTS = "/api/2.0/sql/statements";
const plan = {
  schema_version: "1.0",
  plan_metadata: {
    plan_id: "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
    plan_name: "customer_daily",
    description: "Customers per day",
    owner: "ada@example.com",
    created_at: "2026-01-16T08:00:00Z",
    version: "1.0.0",
  },
  pattern: { type: "MERGE_UPSERT" },
  source: {
    catalog: "prod_catalog",
    schema: "raw",
    table: "customer_events",
    columns: ["event_id", "customer_id", "event_ts"],
  },
  target: { catalog: "prod_catalog", schema: "curated", table: "customer_daily", write_mode: "merge" },
  pattern_config: { merge_keys: ["event_id"] },
  execution_config: { warehouse_id: WAREHOUSE },
  schedule: { type: "manual" },
};
const id = plan.plan_metadata.plan_id;
const json = { "content-type": "application/json" };
let upstream;
let server;
const answers = [];

const preview = async (body = {}, { on = server, plan = id } = {}) => {
  const answer = await on.get(`/api/plans/${plan}/preview`, {
    method: "POST",
    headers: json,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  answers.push(answer.text);
  return answer;
};
const sent = async () => (await upstream.control("GET", "/statements")).statements;
const script = (contains, answer, times) =>
  upstream.control("POST", "/statements/scripts", { contains, answer, ...(times && { times }) });
const store = async (on) => {
  const answer = await on.get("/api/plans", { method: "POST", headers: json, body: JSON.stringify(plan) });
  expect(answer.status, answer.text).toBe(201);
};

beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream);
  await store(server);
});
afterEach(async () => {
  await upstream?.calm();
  await upstream?.control("DELETE", "/statements/scripts");
  await upstream?.control("POST", `/warehouses/${STOPPED}/state`, { state: "STOPPED" });
});
afterAll(async () => {
  if (server) {
    for (const text of [server.logs(), answers.join("\n")]) expectNoSecret(text);
    // Whatever was tested: nothing that was sent can write.
    for (const { statement } of await sent()) expect(statement).toMatch(/^\s*(EXPLAIN|SELECT|WITH)\b/);
  }
  await server?.stop();
  await upstream?.stop();
});

describe("a preview", () => {
  test("has the SQL, what the warehouse plans, and counts as texts", async () => {
    await script("rows_to_insert", {
      columns: [
        ["rows_to_insert", "BIGINT"],
        ["rows_to_update", "BIGINT"],
      ],
      rows: [["9007199254740993", "7"]],
    });
    const answer = await preview();
    expect(answer.status, answer.text).toBe(200);
    const body = answer.json();
    expect(body).toMatchObject({
      plan_id: id,
      version: "1.0.0",
      warehouse: { warehouse_id: WAREHOUSE, state: "RUNNING" },
    });
    expect(body.sql).toContain("MERGE INTO `prod_catalog`.`curated`.`customer_daily`");
    expect(body.statements.map((statement) => statement.name)).toContain("load");
    expect(body.explain.state).toBe("ok");
    expect(body.explain.text).toContain("Physical Plan");
    const counts = Object.fromEntries(body.counts.map((count) => [count.name, count]));
    expect(counts["rows.rows_to_insert"]).toMatchObject({
      state: "ok",
      value: "9007199254740993",
      label: "rows to insert",
    });
    expect(counts["rows.rows_to_update"].value).toBe("7");
  });

  test("of another version, without counts, on another warehouse, of an unsaved plan", async () => {
    expectProblem(await preview({ version: "9.9.9" }), 404, "version_not_found");
    expect((await preview({ version: "1.0.0", counts: false })).json().counts).toEqual([]);
    const unsaved = {
      ...plan,
      source: { ...plan.source, filter: "event_ts > TIMESTAMP '2026-01-01 00:00:00'" },
    };
    const answer = await preview({ plan: unsaved });
    expect(answer.json()).toMatchObject({ version: null });
    expect(answer.json().sql).toContain("2026-01-01");
    const invalid = await preview({ plan: { ...plan, pattern_config: {} } });
    expect(expectProblem(invalid, 422, "plan_invalid").issues.length).toBeGreaterThan(0);
    const nowhere = (await preview({ warehouse_id: "0000000000000000" })).json();
    expect(nowhere.explain).toMatchObject({ state: "not_run" });
    expect(nowhere.explain.message).toContain("no such warehouse");
  });

  test("of a plan that nobody has saved, with its id in the address, and of no other", async () => {
    const fresh = { ...plan, plan_metadata: { ...plan.plan_metadata, plan_id: crypto.randomUUID() } };
    const at = (plan_id, body) => preview(body, { plan: plan_id });
    const answer = await at(fresh.plan_metadata.plan_id, { plan: fresh });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json()).toMatchObject({ plan_id: fresh.plan_metadata.plan_id, version: null });
    expect(answer.json().explain.state).toBe("ok");
    expectProblem(await at(fresh.plan_metadata.plan_id), 404, "plan_not_found");
    expectProblem(await at(crypto.randomUUID(), { plan: fresh }), 404, "plan_not_found");
    expectProblem(
      await at(fresh.plan_metadata.plan_id, { plan: { ...fresh, pattern_config: {} } }),
      422,
      "plan_invalid",
    );
    expectProblem(await server.get(`/api/plans/${fresh.plan_metadata.plan_id}`), 404, "plan_not_found");
  });

  test("writes down that the warehouse was asked, before and after", async () => {
    const { entries } = (await server.get(`/api/audit?plan_id=${id}&action=plan.preview`)).json();
    expect(entries.length).toBeGreaterThanOrEqual(2);
    expect(new Set(entries.map((entry) => entry.phase))).toEqual(new Set(["before", "after"]));
  });

  test("wrong requests ask nothing", async () => {
    const before = (await sent()).length;
    for (const [body, status, code] of [
      ["[]", 400, "body_malformed"],
      [{ counts: "yes" }, 400, "body_malformed"],
      [{ plan: 7 }, 400, "body_malformed"],
      [{ version: "1.0.0", plan }, 400, "body_malformed"],
      [{ warehouse_id: "" }, 400, "body_malformed"],
    ])
      expectProblem(await preview(body), status, code);
    expectProblem(await preview({}, { plan: "00000000-0000-4000-8000-000000000000" }), 404, "plan_not_found");
    expect((await sent()).length).toBe(before);
  });
});

describe("trouble at the warehouse", () => {
  test("a statement that fails says its class and none of its text", async () => {
    await script("EXPLAIN", {
      error: { message: "[TABLE_OR_VIEW_NOT_FOUND] The table `x` with 'literal-canary' cannot be found." },
    });
    const { explain } = (await preview({ counts: false })).json();
    expect(explain).toMatchObject({ state: "failed", text: null });
    expect(explain.message).toContain("TABLE_OR_VIEW_NOT_FOUND");
    expect(explain.message).not.toContain("literal-canary");
  });

  test("a plan that cannot be planned is told from one that can", async () => {
    await script("EXPLAIN", {
      columns: [["plan", "STRING"]],
      rows: [["Error occurred during query planning: \n[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column"]],
    });
    const { explain } = (await preview({ counts: false })).json();
    expect(explain.state).toBe("failed");
    expect(explain.message).toContain("UNRESOLVED_COLUMN.WITH_SUGGESTION");
  });

  test("a warehouse that starts is waited for", async () => {
    const answer = await preview({ warehouse_id: STOPPED });
    expect(answer.json().explain.state).toBe("ok");
    expect(answer.json().warehouse).toMatchObject({ warehouse_id: STOPPED, state: "STOPPED" });
  });

  test("a warehouse that takes too long to start is told from a slow query, and all is cancelled", async () => {
    await script("EXPLAIN", { polls: 100000 });
    await script("SELECT", { polls: 100000 });
    const [starting, slow] = await Promise.all([
      preview({ warehouse_id: STOPPED, counts: false }),
      preview({ counts: false }),
    ]);
    expect(starting.json().explain.state).toBe("warehouse_starting");
    // The stand-in counts down: a running warehouse with a statement that is waiting is slow, not starting.
    expect(slow.json().explain.state).toBe("timed_out");
    const open = (await sent()).filter((statement) => ["PENDING", "RUNNING"].includes(statement.state));
    expect(open).toEqual([]);
  }, 40_000);

  test("what runs for a caller who has left is cancelled at once", async () => {
    await script("EXPLAIN", { polls: 100000 });
    await script("SELECT", { polls: 100000 });
    const before = new Set((await sent()).map((statement) => statement.statement_id));
    const mine = async () => (await sent()).filter((statement) => !before.has(statement.statement_id));
    const request = http.request(`${server.url}/api/plans/${id}/preview`, {
      method: "POST",
      headers: json,
      agent: false,
    });
    const left = new Promise((resolve) => request.on("error", resolve));
    request.end("{}");
    await until(async () => (await mine()).length > 1, "statements at the warehouse");
    // As a proxy does for a caller who has gone. A socket that is only half closed may still be read by its owner.
    request.socket.resetAndDestroy();
    await left;
    // Long before the 25 seconds after which anything is cancelled.
    const over = async () => (await mine()).every((statement) => statement.state === "CANCELED");
    await until(over, "all of them cancelled", 8_000);
  }, 20_000);

  test("a limit and a lost reply are tried again; a refusal is not", async () => {
    await upstream.fault({ kind: "status", status: 429, retry_after: 0 }, { prefix: STATEMENTS, times: 1 });
    expect((await preview({ counts: false })).json().explain.state).toBe("ok");
    await upstream.fault({ kind: "lost_reply" }, { prefix: STATEMENTS, times: 1 });
    expect((await preview({ counts: false })).json().explain.state).toBe("ok");
    await upstream.fault(
      { kind: "status", status: 403, error_code: "PERMISSION_DENIED" },
      { prefix: STATEMENTS },
    );
    const { explain } = (await preview({ counts: false })).json();
    expect(explain).toMatchObject({ state: "failed" });
    expect(explain.message).toContain("may not use the warehouse");
  });
});
