// Every operation of the HTTP API: a request that succeeds, and what else must be known to make it fail on purpose.
//
// An operation gets `stage`, which makes what it needs in a server: plans, jobs, runs, handoffs, sign-ins. It gives
// requests { path, body, headers, prepare }, where `prepare` is what has to happen first.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { CONVERSATION, NOBODY, SPACE } from "./names.mjs";

export const description = JSON.parse(
  readFileSync(new URL("../../worker/openapi.json", import.meta.url), "utf8"),
);

const EVENTS = "prod_catalog.raw.customer_events";
/** As long as anything may be, and longer. */
export const huge = `{"x":"${"x".repeat(3 << 20)}"}`;

const context = {
  genie_session_id: CONVERSATION,
  space_id: SPACE,
  validated_tables: [EVENTS],
  validated_columns: { [EVENTS]: ["event_ts", "event_type", "customer_id"] },
  user_intent: "Load new customer events every day",
  exploration_summary: { queries_run: 1, tables_explored: 1, sample_data_reviewed: true },
  exploration_queries: [],
};

/** `/api/plans/{plan_id}` with ids in it. */
export const fill = (path, ids) =>
  path.replace(/\{(\w+)\}/g, (_, name) => {
    if (!(name in ids)) throw new Error(`an id for ${name} in ${path}`);
    return ids[name];
  });

/** Ids of the right form that nothing has. */
export const unknown = {
  space_id: NOBODY,
  conversation_id: NOBODY,
  plan_id: "11111111-1111-4111-8111-111111111111",
  version: "9.9.9",
  handoff_id: "00000000000000000000",
  run_id: "999999999999999",
};
/** What no id looks like. */
export const malformed = Object.fromEntries(Object.keys(unknown).map((name) => [name, "not-an-id!"]));

const session = { space_id: SPACE, conversation_id: CONVERSATION };
const empty = { body: {} };
/** Another request that succeeded before makes this one a conflict. */
const twice = (request) => async (call) => {
  await call({ ...request, body: { ...request.body, user_intent: "Something else every day" } });
};

/**
 * By method and path: `ok` gives a request that succeeds; by status, requests that are answered so, with the code of
 * each. What is the same everywhere is in statuses.test.mjs.
 */
export const operations = {
  "GET /health": {
    ok: () => ({}),
    guarded: "?deep=1",
  },
  "GET /openapi.json": { ok: () => ({}) },
  "GET /.well-known/genie-handoff.json": { ok: () => ({}) },
  "GET /api/me": { ok: () => ({}) },

  "GET /api/genie/get": {
    ok: () => ({ query: `?space_id=${SPACE}` }),
    400: () => [
      [{}, "space_id_missing"],
      [{ query: "?space_id=x" }, "space_id_malformed"],
      [{ query: `?space_id=${SPACE}&space_id=${SPACE}` }, "space_id_repeated"],
    ],
    404: () => [[{ query: `?space_id=${NOBODY}` }, "space_not_found"]],
  },
  "POST /api/genie/get": {
    ok: () => ({ body: { space_id: SPACE } }),
    400: () => [
      [{ body: {} }, "space_id_missing"],
      [{ body: { space_id: 7 } }, "body_malformed"],
    ],
    404: () => [[{ body: { space_id: NOBODY } }, "space_not_found"]],
  },
  "GET /api/genie/spaces": { ok: () => ({}), 400: () => [[{ query: "?page_size=0" }, "page_malformed"]] },
  "GET /api/genie/spaces/{space_id}/conversations": {
    ok: () => ({ ids: session }),
    400: () => [[{ ids: session, query: "?page_size=0" }, "page_malformed"]],
  },
  "GET /api/genie/spaces/{space_id}/conversations/{conversation_id}/messages": {
    ok: () => ({ ids: session }),
    400: () => [
      [{ ids: session, query: "?page_size=0" }, "page_malformed"],
      [{ ids: { ...session, conversation_id: "x" } }, "conversation_id_malformed"],
    ],
    404: () => [[{ ids: { ...session, conversation_id: NOBODY } }, "conversation_not_found"]],
  },

  "GET /auth/login": {
    ok: () => ({}),
    400: () => [[{ query: "?return_to=https://evil.example" }, "return_refused"]],
    404: () => [[{ on: "bare" }, "sign_in_off"]],
  },
  "GET /auth/callback": {
    ok: (stage) => stage.callback(),
    400: () => [[{}, "sign_in_stale"]],
    403: (stage) => [[stage.callback("nobody@example.com"), "sign_in_refused"]],
    404: () => [[{ on: "bare" }, "sign_in_off"]],
    upstream: "/oidc/v1/token",
  },
  "POST /auth/logout": {
    ok: () => ({}),
    403: (stage) => [[stage.cookie().then((cookie) => ({ headers: { cookie } })), "csrf"]],
    503: (stage) => [
      [
        stage.cookie().then((cookie) => ({ headers: { cookie, origin: "own" }, on: "torn" })),
        "database_unreachable",
      ],
    ],
  },

  "POST /api/handoffs/sign": {
    ok: (stage) => stage.payload().then((payload) => ({ body: { payload } })),
    400: () => [[empty, "body_malformed"]],
    404: (stage) => [[stage.payload().then((payload) => ({ on: "bare", body: { payload } })), "signing_off"]],
    422: () => [[{ body: { payload: "x" } }, "payload_invalid"]],
  },
  "POST /api/handoffs": {
    ok: () => ({ body: session }),
    201: () => [[{ body: { ...session, user_intent: `Load them daily ${randomUUID()}` } }]],
    200: () => [[{ body: session, prepare: (call) => call({ body: session }) }]],
    400: () => [
      [empty, "space_id_missing"],
      [{ body: { ...session, space_id: "x" } }, "space_id_malformed"],
      [{ body: session, headers: { "idempotency-key": "a b" } }, "idempotency_key_malformed"],
    ],
    404: () => [
      [{ body: { ...session, conversation_id: NOBODY } }, "conversation_not_found"],
      [{ body: { ...session, message_ids: [NOBODY] } }, "message_not_found"],
    ],
    409: () => {
      const request = { body: session, headers: { "idempotency-key": randomUUID() } };
      return [[{ ...request, prepare: twice(request) }, "idempotency_key_reused"]];
    },
    422: () => [[{ body: { ...session, target_table: "a.b" } }, "handoff_invalid"]],
    // What is not asked again for an hour would not notice the fault.
    fresh: () => ({ body: { ...session, user_intent: `Load them daily ${randomUUID()}` } }),
    database: true,
  },
  "POST /api/handoffs/validate": {
    ok: () => ({ body: { context } }),
    400: () => [[empty, "body_malformed"]],
    422: () => [[{ body: { link: "x" } }, "payload_invalid"]],
  },
  "GET /api/handoffs/{handoff_id}": {
    ok: (stage) => stage.handoff().then((handoff_id) => ({ ids: { handoff_id } })),
    database: true,
  },

  "GET /api/plans": {
    ok: () => ({}),
    400: () => [
      [{ query: "?page_size=0" }, "page_malformed"],
      [{ query: "?state=nope" }, "query_malformed"],
    ],
    database: true,
  },
  "POST /api/plans": {
    ok: (stage) => ({ body: stage.newPlan() }),
    400: (stage) => [
      [{ body: "[" }, "body_malformed"],
      [{ body: stage.newPlan(), headers: { "idempotency-key": "a b" } }, "idempotency_key_malformed"],
    ],
    404: (stage) => [
      [{ body: { plan: stage.newPlan(), handoff_id: unknown.handoff_id } }, "handoff_not_found"],
    ],
    409: (stage) => {
      const body = stage.newPlan();
      return [[{ body, prepare: (call) => call({ body }) }, "plan_exists"]];
    },
    422: (stage) => [
      [{ body: { schema_version: "1.0" } }, "plan_invalid"],
      [
        stage.handoff().then((handoff_id) => ({ body: { plan: stage.newPlan(), handoff_id } })),
        "handoff_differs",
      ],
    ],
    database: true,
  },
  "GET /api/plans/{plan_id}": { ok: (stage) => stage.plan(), database: true },
  "PUT /api/plans/{plan_id}": {
    ok: (stage) =>
      stage.plan().then(({ ids, etag, plan }) => ({ ids, body: plan, headers: { "if-match": etag } })),
    412: (stage) => [
      [stage.plan().then(({ ids, plan }) => ({ ids, body: plan })), "etag_missing"],
      [
        stage
          .plan()
          .then(({ ids, plan }) => ({ ids, body: plan, headers: { "if-match": `"${"0".repeat(64)}"` } })),
        "etag_stale",
      ],
    ],
    422: (stage) => [
      [
        stage.plan().then(({ ids, etag, plan }) => ({
          ids,
          headers: { "if-match": etag },
          body: { ...plan, pattern: { type: "NOPE" } },
        })),
        "plan_invalid",
      ],
      [
        Promise.all([stage.plan(), stage.handoff()]).then(([{ ids, etag, plan }, handoff_id]) => ({
          ids,
          headers: { "if-match": etag },
          body: { plan, handoff_id },
        })),
        "handoff_differs",
      ],
    ],
    database: true,
  },
  "DELETE /api/plans/{plan_id}": {
    ok: (stage) => stage.plan(),
    409: (stage) => [[stage.deployed(), "plan_is_deployed"]],
    412: (stage) => [
      [
        stage.plan().then((plan) => ({ ...plan, headers: { "if-match": `"${"0".repeat(64)}"` } })),
        "etag_stale",
      ],
    ],
    database: true,
  },
  "GET /api/plans/{plan_id}/versions": {
    ok: (stage) => stage.plan(),
    400: (stage) => [[stage.plan().then((plan) => ({ ...plan, query: "?page_size=0" })), "page_malformed"]],
    database: true,
  },
  "GET /api/plans/{plan_id}/versions/{version}": { ok: (stage) => stage.plan(), database: true },
  "POST /api/plans/{plan_id}/preview": {
    ok: (stage) => stage.plan().then(({ ids }) => ({ ids, body: {} })),
    422: (stage) => [
      [stage.plan().then(({ ids }) => ({ ids, body: { plan: { schema_version: "1.0" } } })), "plan_invalid"],
    ],
    database: true,
  },
  "POST /api/plans/{plan_id}/deploy": {
    ok: (stage) => stage.deployable(),
    200: (stage) => [
      [stage.deployable().then((request) => ({ ...request, prepare: (call) => call(request) })), undefined],
    ],
    400: (stage) => [[stage.deployable().then((request) => ({ ...request, body: {} })), "body_malformed"]],
    409: (stage) => [
      [
        stage
          .deployable()
          .then((request) => ({ ...request, body: { ...request.body, plan_hash: "0".repeat(64) } })),
        "plan_hash_stale",
      ],
    ],
    422: (stage) => [
      [stage.deployable().then(stage.spoiled), "plan_invalid"],
      [
        stage.deployable((plan) => {
          plan.source.table = "no_such_table";
        }),
        "permissions_missing",
      ],
    ],
    database: true,
  },
  "POST /api/plans/{plan_id}/pause": { ...acts(), 422: spoils },
  "POST /api/plans/{plan_id}/resume": { ...acts(), 422: spoils },
  "POST /api/plans/{plan_id}/undeploy": acts(),
  "GET /api/plans/{plan_id}/deployments": { ok: (stage) => stage.plan(), database: true },
  "POST /api/plans/{plan_id}/runs": { ...acts(), 422: spoils },
  "GET /api/plans/{plan_id}/runs": {
    ok: (stage) => stage.plan(),
    400: (stage) => [[stage.plan().then((plan) => ({ ...plan, query: "?page_size=0" })), "page_malformed"]],
    database: true,
  },
  "GET /api/plans/{plan_id}/runs/{run_id}": {
    ok: (stage) => stage.running(),
    400: (stage) => [[stage.plan().then(({ ids }) => ({ ids: { ...ids, run_id: "x" } })), "id_malformed"]],
    database: true,
  },
  "POST /api/plans/{plan_id}/runs/{run_id}/cancel": {
    ok: (stage) => stage.running().then(({ ids }) => ({ ids, ...empty })),
    409: (stage) => [[stage.ended("FAILED").then(({ ids }) => ({ ids, ...empty })), "run_has_ended"]],
    database: true,
  },
  "POST /api/plans/{plan_id}/runs/{run_id}/repair": {
    ok: (stage) => stage.ended("FAILED").then(({ ids }) => ({ ids, ...empty })),
    422: (stage) => [
      [
        stage
          .ended("FAILED")
          .then(stage.spoiled)
          .then(({ ids }) => ({ ids, ...empty })),
        "plan_invalid",
      ],
    ],
    409: (stage) => [[stage.running().then(({ ids }) => ({ ids, ...empty })), "run_not_repairable"]],
    database: true,
  },
  "GET /api/plans/{plan_id}/lineage": {
    ok: (stage) => stage.plan(),
    400: (stage) => [[stage.plan().then((plan) => ({ ...plan, query: "?format=nope" })), "query_malformed"]],
    422: (stage) => [[stage.plan().then(stage.spoiled), "plan_invalid"]],
    database: true,
  },
  "GET /api/audit": {
    ok: () => ({}),
    400: () => [[{ query: "?from=yesterday" }, "query_malformed"]],
    database: true,
  },
  "GET /api/audit/verify": { ok: () => ({}), database: true },
};

/** The plan of a job is no longer valid. */
function spoils(stage) {
  return [
    [
      stage
        .deployed()
        .then(stage.spoiled)
        .then(({ ids }) => ({ ids, ...empty })),
      "plan_invalid",
    ],
  ];
}

/** What is done to the job of a plan. */
function acts() {
  return {
    ok: (stage) => stage.deployed().then(({ ids }) => ({ ids, ...empty })),
    409: (stage) => [[stage.plan().then(({ ids }) => ({ ids, ...empty })), "not_deployed"]],
    database: true,
  };
}

/** Everything of the description, with what is known here about it. */
export const described = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { responses, security, requestBody }]) => {
    const name = `${method.toUpperCase()} ${path}`;
    return {
      name,
      path,
      method: method.toUpperCase(),
      statuses: Object.keys(responses).map(Number),
      takesCaller: security === undefined,
      takesBody: requestBody !== undefined,
      ids: path.includes("{"),
      ...operations[name],
    };
  }),
);
