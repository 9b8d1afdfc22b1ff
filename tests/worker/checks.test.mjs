// A workspace in trouble while permissions are checked: what nobody said is no missing permission.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { jobsOf, planOf, post, savePlan } from "./deployments.mjs";
import { emulator, expectProblem, SPACE, well, worker } from "./harness.mjs";

const SOURCE = "prod_catalog.raw.customer_events";
const CATALOG = "/api/2.1/unity-catalog";
const TABLES = `${CATALOG}/tables/`;
let upstream;
let server;
let made = 0;

beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream, {
    UPSTREAM_TIMEOUT_MS: "500",
    UPSTREAM_TOTAL_MS: "1500",
    UPSTREAM_REST_MS: "20",
    RATE_LIMIT: "0",
    RATE_LIMIT_WRITES: "0",
  });
});
afterEach(() => upstream?.calm());
afterAll(async () => {
  await server?.stop();
  await upstream?.stop();
});

/** A plan whose target is made by its first run, as most targets are. */
const fresh = async () => {
  const target = { ...planOf("").target, table: `made_by_first_run_${made++}` };
  return { ...(await savePlan(server, { plan: { target } })), table: target.table };
};
const deploy = ({ planId, hashes }) =>
  post(server, `/api/plans/${planId}/deploy`, { plan_hash: hashes["1.0.0"], version: "1.0.0" });
/** Every kind of trouble that the emulated workspace knows. */
const kinds = {
  "a lost reply": { kind: "lost_reply" },
  "a lost connection": { kind: "drop" },
  "a connection lost within the answer": { kind: "drop", after: "half_body" },
  "a limit": { kind: "status", status: 429, retry_after: 0 },
  "a limit for long": { kind: "status", status: 429, retry_after: 30 },
  "a request that is not understood": { kind: "status", status: 400 },
  "a refusal": { kind: "status", status: 403 },
  "an error": { kind: "status", status: 500 },
  "a gateway error": { kind: "status", status: 502 },
  "an unavailable service": { kind: "status", status: 503 },
  "a broken answer": { kind: "broken_json" },
  "an answer that is cut": { kind: "truncate" },
  "an answer about something else": { kind: "wrong_id" },
  "a page for people": { kind: "html" },
  "a page for people that is not there": { kind: "html", status: 404 },
  "a page for people that refuses": { kind: "html", status: 403 },
  "a redirect": { kind: "redirect" },
  "an answer without end": { kind: "huge_body", bytes: 64 << 20 },
  silence: { kind: "hang" },
};

/** Where the checks ask. */
const places = (table) => ({
  "the target": `${TABLES}prod_catalog.curated.${table}`,
  "the source": TABLES + SOURCE,
  rights: `${CATALOG}/effective-permissions/`,
  everything: `${CATALOG}/`,
  "the warehouse": "/api/2.0/sql/warehouses/",
});

describe.each(Object.entries(kinds))("%s", (_, fault) => {
  test("is never taken for a missing permission", async () => {
    for (const where of Object.keys(places(""))) {
      const plan = await fresh();
      await upstream.fault(fault, { prefix: places(plan.table)[where] });
      const deployed = await deploy(plan);
      // What could not be asked keeps nobody from deploying; a workspace that does not answer at all does.
      expect({ where, status: deployed.status, text: deployed.text }).toMatchObject({
        where,
        status: expect.toBeOneOf([201, 429, 502, 503, 504]),
      });
      if (deployed.status === 201) {
        const [{ name, state, message }] = deployed.json().steps;
        expect({ name, state }).toEqual({ name: "permissions", state: "done" });
        // A table has no id that could be wrong.
        if (fault.kind !== "wrong_id") expect(message).toMatch(/could be checked/);
      }
      await upstream.calm();
      await well(server);
      if (deployed.status !== 201) expect((await deploy(plan)).status).toBeOneOf([200, 201]);
      await upstream.fault(fault, { prefix: places(plan.table)[where] });
      const started = await post(server, `/api/plans/${plan.planId}/runs`, {});
      expect({ where, status: started.status, text: started.text }).toMatchObject({
        where,
        status: expect.toBeOneOf([202, 429, 502, 503, 504]),
      });
      await upstream.calm();
      await well(server);
      expect(await jobsOf(upstream, plan.planId)).toHaveLength(1);
    }
  }, 120_000);
});

describe("what is said is believed, whatever else is not", () => {
  test("a target that could not be looked up is not there if its rights say so", async () => {
    const context = {
      genie_session_id: "",
      space_id: SPACE,
      validated_tables: [SOURCE],
      validated_columns: {},
      user_intent: "Load new events every day",
      exploration_summary: { queries_run: 0, tables_explored: 1, sample_data_reviewed: false },
      exploration_queries: [],
      target_table: "prod_catalog.curated.not_made_yet",
    };
    await upstream.fault({ kind: "status", status: 500 }, { prefix: TABLES + context.target_table });
    const answer = await post(server, "/api/handoffs/validate", { context });
    const { checks } = answer.json();
    const states = Object.fromEntries(checks.map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({
      [`table_exists:${context.target_table}`]: "not_checked",
      "privilege:run_as:create_table:schema:prod_catalog.curated": "ok",
    });
    expect(checks.filter(({ state }) => state === "missing")).toEqual([]);
    expect(Object.keys(states).filter((id) => id.includes(`:table:${context.target_table}`))).toEqual([]);
  });

  test("an account that Databricks does not know is missing, and says nothing about tables", async () => {
    const strange = await worker(upstream, { DEPLOY_RUN_AS: "gone@example.com" });
    try {
      const plan = await savePlan(strange);
      await upstream.fault({ kind: "status", status: 500 }, { prefix: TABLES });
      const path = `/api/plans/${plan.planId}/deploy`;
      const answer = await post(strange, path, { plan_hash: plan.hashes["1.0.0"], version: "1.0.0" });
      const { checks } = expectProblem(answer, 422, "permissions_missing");
      for (const { principal, message, grant } of checks) {
        expect(principal).toEqual({ name: "gone@example.com", role: "run_as" });
        expect(message).toBe("gone@example.com is no account that Databricks knows");
        expect(grant).toBeUndefined();
      }
      expect(checks.map(({ id }) => id)).toContain(
        "privilege:run_as:modify:table:prod_catalog.curated.customer_daily",
      );
    } finally {
      await strange.stop();
    }
  });

  test("a source that is not there is missing, though nothing else can be asked", async () => {
    const source = { ...planOf("").source, table: "no_such_table" };
    const plan = await savePlan(server, { plan: { source } });
    await upstream.fault(
      { kind: "status", status: 500 },
      { prefix: `${TABLES}prod_catalog.curated.customer_daily` },
    );
    const { checks } = expectProblem(await deploy(plan), 422, "permissions_missing");
    expect(checks.map(({ id }) => id)).toContain("table_exists:prod_catalog.raw.no_such_table");
  });
});
