// A context or a link against Unity Catalog: who, what, where, and the statement that would help.

import { generateKeyPairSync } from "node:crypto";
import { encodeHandoff, init } from "genie-handoff";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, SPACE, worker } from "./harness.mjs";

const EVENTS = "prod_catalog.raw.customer_events";
const DAILY = "prod_catalog.curated.customer_daily";
const ME = "grace.hopper@example.com";
const key = { ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }), kid: "2026-a" };
const context = {
  genie_session_id: "01f0eca4a1c81d3f9e7b2c6d5f8091aa",
  space_id: SPACE,
  validated_tables: [EVENTS],
  validated_columns: { [EVENTS]: ["event_ts", "event_type", "customer_id"] },
  user_intent: "Load new customer events every day",
  exploration_summary: { queries_run: 1, tables_explored: 1, sample_data_reviewed: true },
  exploration_queries: [
    { query: `SELECT event_type FROM ${EVENTS} WHERE x = 'literal-canary'`, result_summary: "3 rows" },
  ],
  warehouse_id: "4b9b953939869799",
  target_table: DAILY,
};
let upstream;
let server;
const answers = [];
const validate = async (body, on = server, headers = {}) => {
  const answer = await on.get("/api/handoffs/validate", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  answers.push(answer.text);
  return answer;
};
const check = (answer, id) => answer.json().checks.find((check) => check.id === id);
const states = (answer) => new Set(answer.json().checks.map((check) => check.state));

beforeAll(async () => {
  await init();
  upstream = await emulator();
  server = await worker(upstream, { HANDOFF_SIGNING_KEY: JSON.stringify(key) });
});
afterEach(() => upstream?.calm());
afterAll(async () => {
  if (server) {
    for (const text of [server.logs(), answers.join("\n")]) {
      expectNoSecret(text);
      expect(text).not.toContain("literal-canary");
    }
  }
  await server?.stop();
  await upstream?.stop();
});

describe("what is asked", () => {
  test("tables, columns, rights of both and the warehouse, each with its evidence", async () => {
    const answer = await validate({ context });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json()).toMatchObject({ signature: "unsigned", ready: true });
    expect(states(answer)).toEqual(new Set(["ok"]));
    expect(check(answer, `table_exists:${EVENTS}`)).toMatchObject({ principal: null, state: "ok" });
    expect(check(answer, `columns_exist:${EVENTS}`)).toMatchObject({ state: "ok" });
    for (const role of ["caller", "run_as"])
      for (const id of [
        "use_catalog:catalog:prod_catalog",
        "use_schema:schema:prod_catalog.raw",
        `select:table:${EVENTS}`,
        `modify:table:${DAILY}`,
      ])
        expect(check(answer, `privilege:${role}:${id}`), id).toMatchObject({
          state: "ok",
          principal: { name: ME, role },
        });
    expect(check(answer, "warehouse_exists:4b9b953939869799")).toMatchObject({ state: "ok" });
    expect(check(answer, "warehouse_use:run_as:4b9b953939869799")).toMatchObject({ state: "ok" });
    expect(answer.json().context.exploration_queries[0].query).toContain(":str");
  });

  test("a target that is not there needs CREATE TABLE in its schema", async () => {
    const answer = await validate({
      context: { ...context, target_table: "prod_catalog.curated.brand_new" },
    });
    const ids = answer.json().checks.map((check) => check.id);
    expect(ids).toContain("privilege:run_as:create_table:schema:prod_catalog.curated");
    expect(ids).not.toContain("privilege:run_as:modify:table:prod_catalog.curated.brand_new");
  });

  test("tables and columns that are gone, a warehouse that is not there", async () => {
    const answer = await validate({
      context: {
        ...context,
        validated_tables: [EVENTS, "prod_catalog.raw.gone"],
        validated_columns: { [EVENTS]: ["event_ts", "lost"] },
        warehouse_id: "0000000000000000",
      },
    });
    expect(answer.json().ready).toBe(false);
    expect(check(answer, "table_exists:prod_catalog.raw.gone")).toMatchObject({ state: "missing" });
    expect(check(answer, `columns_exist:${EVENTS}`).message).toContain("lost");
    expect(check(answer, "warehouse_exists:0000000000000000")).toMatchObject({ state: "missing" });
    const codes = answer.json().issues.map((issue) => issue.code);
    expect(codes).toEqual(expect.arrayContaining(["table_not_found", "column_not_found"]));
  });

  test("a right that is missing comes with the statement that gives it", async () => {
    // Somebody whom the workspace knows, in none of the groups that hold the rights.
    const viewer = await worker(upstream, { DATABRICKS_TOKEN: "emulator-viewer-token" });
    try {
      const answer = await validate({ context }, viewer);
      answers.push(answer.text);
      expect(answer.json().ready).toBe(false);
      const missing = answer.json().checks.filter((check) => check.state === "missing");
      expect(missing.length).toBeGreaterThan(0);
      const grants = missing.map((check) => check.grant).filter(Boolean);
      for (const grant of grants)
        expect(grant).toMatch(/^GRANT [A-Z ]+ ON [A-Z]+ `.+` TO `vera\.viewer@example\.com`$/);
      expect(states(answer).has("ok") || states(answer).has("not_checked")).toBe(true);
    } finally {
      await viewer.stop();
    }
  });

  test("a caller with a token of this server is not looked for in Databricks", async () => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("alpha-token"));
    const hex = Buffer.from(digest).toString("hex");
    const closed = await worker(upstream, { API_TOKENS: `alpha:${hex}` });
    try {
      const answer = await validate({ context }, closed, { authorization: "Bearer alpha-token" });
      expect(answer.status, answer.text).toBe(200);
      expect(check(answer, `privilege:caller:select:table:${EVENTS}`)).toMatchObject({
        state: "not_checked",
        principal: { name: "alpha", role: "caller" },
      });
      expect(check(answer, `privilege:run_as:select:table:${EVENTS}`)).toMatchObject({ state: "ok" });
      expect(answer.json().ready).toBe(true);
      expectProblem(await validate({ context }, closed), 401, "credential_missing");
    } finally {
      await closed.stop();
    }
  });
});

describe("what cannot be found out", () => {
  for (const [what, fault, prefix, id] of [
    [
      "rights",
      { kind: "status", status: 500 },
      "/api/2.1/unity-catalog/effective-permissions/",
      `privilege:run_as:select:table:${EVENTS}`,
    ],
    [
      "rights that may not be asked for",
      { kind: "status", status: 403 },
      "/api/2.1/unity-catalog/effective-permissions/",
      `privilege:run_as:select:table:${EVENTS}`,
    ],
    ["a table", { kind: "html" }, `/api/2.1/unity-catalog/tables/${EVENTS}`, `table_exists:${EVENTS}`],
    [
      "the warehouse",
      { kind: "broken_json" },
      "/api/2.0/sql/warehouses/",
      "warehouse_exists:4b9b953939869799",
    ],
    [
      "who may use it",
      { kind: "status", status: 403 },
      "/api/2.0/permissions/warehouses/",
      "warehouse_use:run_as:4b9b953939869799",
    ],
    ["who we are", { kind: "status", status: 500 }, "/api/2.0/preview/scim/", "identity"],
  ])
    test(`${what}: not checked is the answer`, async () => {
      await upstream.fault(fault, { prefix });
      const answer = await validate({ context });
      expect(answer.status, answer.text).toBe(200);
      expect(check(answer, id)).toMatchObject({ state: "not_checked" });
      expect(check(answer, id).message).toMatch(/not checked/);
    });

  test("429 is waited for", async () => {
    await upstream.fault(
      { kind: "status", status: 429, retry_after: 0 },
      { prefix: "/api/2.1/unity-catalog/", times: 2 },
    );
    expect(states(await validate({ context }))).toEqual(new Set(["ok"]));
  });
});

describe("links", () => {
  test("are opened, and their signature is checked", async () => {
    const { url, payload } = encodeHandoff(context, { baseUrl: server.url });
    expect((await validate({ link: url })).json()).toMatchObject({ signature: "unsigned", ready: true });
    const signed = await server.get("/api/handoffs/sign", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ payload }),
    });
    const link = `${server.url}/handoff#context=${signed.json().payload}`;
    expect((await validate({ link })).json().signature).toBe("valid");
    const made = await server.get("/api/handoffs", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ space_id: SPACE, conversation_id: context.genie_session_id }),
    });
    const short = await validate({ link: `${server.url}/h/${made.json().handoff_id}` });
    expect(short.json()).toMatchObject({ signature: "valid", context: made.json().context });
  });

  test("and bodies that are neither are told so", async () => {
    for (const [body, status, code] of [
      ["", 400, "body_malformed"],
      ["{}", 400, "body_malformed"],
      [{ context, link: "x" }, 400, "body_malformed"],
      [{ context: [] }, 400, "body_malformed"],
      [{ link: 7 }, 400, "body_malformed"],
      [{ context: {} }, 422, "handoff_invalid"],
      [{ link: "bNOPE" }, 422, "payload_invalid"],
      [{ link: "/h/00000000000000000000" }, 404, "handoff_not_found"],
      [{ link: "/h/x" }, 400, "id_malformed"],
    ])
      expectProblem(await validate(body), status, code);
    const invalid = await validate({ context: {} });
    expect(invalid.json().issues.length).toBe(6);
  });
});
