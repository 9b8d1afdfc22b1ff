// Every status that the description of the interface names, on every operation: provoked, and answered as described.
//
// The description says what there is. An operation or a status without a request that provokes it fails, so that nothing
// is described that nobody has seen, and nothing is added to the interface unseen.

import { createHash, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulator, expectProblem, SPACE, until, worker } from "./harness.mjs";
import { described, description, fill, huge, malformed, unknown } from "./operations.mjs";
import { signIn } from "./people.mjs";
import { stageOf } from "./stage.mjs";

const hash = (token) => createHash("sha256").update(token).digest("hex");
const callers = {
  API_TOKENS: `all:${hash("alpha-token")},none:${hash("beta-token")}`,
  CALLER_ROLES: "all:author|deployer,none:none,databricks:grace.hopper@example.com:author|deployer",
};
const people = {
  OAUTH_CLIENT_ID: "emulator-client",
  OAUTH_CLIENT_SECRET: "emulator-secret",
  SESSION_KEY: Buffer.alloc(32, 7).toString("base64"),
};
const key = { ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }), kid: "2026-a" };
/** Patient enough for a busy machine, and not for a workspace that hangs. */
const patience = { UPSTREAM_TIMEOUT_MS: "1500", UPSTREAM_TOTAL_MS: "4000", UPSTREAM_REST_MS: "20" };
const servers = {};
let upstream;
let stage;

beforeAll(async () => {
  upstream = await emulator();
  servers.main = await worker(upstream, {
    ...callers,
    ...people,
    ...patience,
    RATE_LIMIT: "0",
    RATE_LIMIT_WRITES: "0",
    HANDOFF_SIGNING_KEY: JSON.stringify(key),
  });
  /** Neither sign-in nor signatures. */
  servers.bare = await worker(upstream, callers);
  /** One request a minute. */
  servers.strict = await worker(upstream, { ...callers, RATE_LIMIT: "1" });
  /** Whoever is on this machine may do everything. */
  servers.open = await worker(upstream);
  servers.broken = await worker(upstream, { ...callers, DATABRICKS_HOST: "nonsense" });
  /** Its database has lost every table. */
  servers.torn = await worker(upstream, { ...callers, ...people });
  await tearDown(servers.torn.databases.DB);
  stage = stageOf(servers.main, upstream, (method, path, request) => send("main", method, path, request));
}, 120_000);
afterAll(async () => {
  for (const server of Object.values(servers)) await server.stop();
  await upstream?.stop();
});

/** Drops every table, in whatever order their references allow. */
async function tearDown(database) {
  const tables = async () => {
    const { results } = await database
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'",
      )
      .all();
    return results.map(({ name }) => name);
  };
  for (let left = await tables(); left.length > 0; ) {
    for (const name of left) {
      await database
        .prepare(`DROP TABLE "${name}"`)
        .run()
        .catch(() => {});
    }
    const now = await tables();
    if (now.length === left.length) throw new Error(`cannot drop ${now}`);
    left = now;
  }
}

/** Sends a request as the caller who may do everything, unless it says who it is; the origin `own` is the server's. */
function send(on, method, path, { body, headers = {}, ids = {}, query = "" } = {}) {
  const own = "cookie" in headers || "authorization" in headers;
  return servers[on].get(fill(path, ids) + query, {
    method,
    headers: {
      ...(own ? {} : { authorization: "Bearer alpha-token" }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      "cache-control": "no-cache",
      ...headers,
      ...(headers.origin === "own" && { origin: servers[on].url }),
    },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A request of the right form, for servers that refuse it before they look anything up. */
const shaped = ({ takesBody, guarded }) => ({
  ids: { ...unknown, space_id: SPACE },
  query: guarded ?? "",
  ...(takesBody && { body: {} }),
});

/** Requests [{ on, ...request }, code] that are answered with `status`, the same for every operation. */
const general = {
  async 400(operation) {
    const requests = [];
    // What is no id of a plan is simply no plan.
    if (operation.ids && !operation.path.includes("{plan_id}")) {
      requests.push([{ ...shaped(operation), ids: malformed }]);
    }
    if (operation.takesBody) requests.push([{ ...(await operation.ok(stage)), body: "[" }, "body_malformed"]);
    return requests;
  },
  401: (operation) => [
    [{ ...shaped(operation), headers: { authorization: "" } }, "credential_missing"],
    [{ ...shaped(operation), headers: { authorization: "Bearer wrong" } }, "credential_invalid"],
  ],
  403: (operation) => [
    operation.path === "/api/me"
      ? [{ on: "open", headers: { authorization: "", origin: "https://evil.example" } }, "origin_refused"]
      : [{ ...shaped(operation), headers: { authorization: "Bearer beta-token" } }, "role_missing"],
  ],
  async 404(operation) {
    if (!operation.ids) return [];
    const request = await operation.ok(stage);
    const requests = [[{ ...request, ids: unknown }]];
    if (operation.path.includes("{plan_id}")) requests.push([{ ...request, ids: malformed }]);
    return requests;
  },
  413: (operation) => [[{ ...shaped(operation), body: huge }, "body_too_large"]],
  415: (operation) => [
    [{ ...shaped(operation), body: "{}", headers: { "content-type": "text/plain" } }, "type_unsupported"],
  ],
  429: (operation) =>
    operation.takesCaller
      ? [
          [
            {
              ...shaped(operation),
              on: "strict",
              prepare: () => send("strict", "GET", "/api/me"),
            },
            "too_many_requests",
          ],
        ]
      : [],
  500: (operation) => [[{ ...shaped(operation), on: "broken" }, "not_configured"]],
  async 503(operation) {
    const requests = [];
    if (operation.takesCaller) {
      const { cookie } = await signIn(servers.main);
      const headers = { cookie, origin: "own" };
      requests.push([{ ...shaped(operation), on: "torn", headers }, "database_unreachable"]);
    }
    if (operation.database) {
      requests.push([
        { ...(await (operation.fresh ?? operation.ok)(stage)), on: "torn" },
        "database_unreachable",
      ]);
    }
    return requests;
  },
};

/** Statuses that come from Databricks, for operations whose description says that they pass them on. */
const faults = {
  429: [{ kind: "status", status: 429, retry_after: 60 }, "upstream_busy"],
  502: [{ kind: "status", status: 500 }, "upstream_failed"],
  // Whoever asks often enough by itself hears of the rest that the workspace is given then.
  503: [{ kind: "drop" }],
  504: [{ kind: "hang" }, "upstream_slow"],
};

/** Answers to one operation are as described. */
function expectDescribed({ name, method, path, statuses }, answer) {
  expect(statuses, `${name}: ${answer.status} ${answer.text.slice(0, 300)}`).toContain(answer.status);
  const kind = answer.text === "" ? "" : (answer.headers["content-type"] ?? "").split(";")[0];
  let response = description.paths[path][method.toLowerCase()].responses[answer.status];
  if (response.$ref) response = description.components.responses[response.$ref.split("/").at(-1)];
  expect(Object.keys(response.content ?? { "": 0 })).toContain(kind);
  expect(answer.headers["x-request-id"]).toBeTruthy();
}

async function provoke(operation, status, [given, code]) {
  const { on = "main", prepare, ...request } = await given;
  await prepare?.((before) => send(on, operation.method, operation.path, { ...request, ...before }));
  const answer = await send(on, operation.method, operation.path, request);
  expect({ status: answer.status, text: answer.text.slice(0, 600) }).toMatchObject({ status });
  expectDescribed(operation, answer);
  if (status < 400) return;
  const problem = expectProblem(answer, status, code ?? answer.json().code);
  if (status === 429) expect(answer.headers["retry-after"]).toBe(String(problem.retry_after));
  if (status === 503) expect(problem.retryable).toBe(true);
}

describe.each(described)("$name", (operation) => {
  test("is known here", () => expect(operation.ok, "add it to operations.mjs").toBeTypeOf("function"));
  if (!operation.ok) return;

  // Whoever must be somebody can be nobody, lack a role, ask too often, or ask while something is out of order.
  if (operation.takesCaller) {
    test("describes what every caller may hear", () =>
      expect(operation.statuses).toEqual(expect.arrayContaining([401, 403, 429, 500, 503])));
  }
  if (operation.takesBody) {
    test("describes what every body may come to", () =>
      expect(operation.statuses).toEqual(expect.arrayContaining([400, 413, 415])));
  }

  const succeeds = operation.statuses.filter((status) => status < 400);
  test.each(operation.statuses)("%i", async (status) => {
    const requests = [...((await operation[status]?.(stage)) ?? [])];
    // A success that is not told apart from another is the ordinary one.
    if (succeeds.includes(status) && requests.length === 0) requests.push([operation.ok(stage)]);
    if (general[status]) {
      const own = operation[status] && (status === 400 || status === 404 || !operation.takesCaller);
      requests.push(...(own ? [] : await general[status](operation)));
    }
    const passesOn = operation.statuses.includes(502) && status in faults;
    if (requests.length === 0 && !passesOn)
      expect.fail(`nothing provokes ${status}; add it to operations.mjs`);
    for (const request of requests) await provoke(operation, status, request);

    if (!passesOn) return;
    const [fault, code] = faults[status];
    const request = await (operation.fresh ?? operation.ok)(stage);
    await upstream.fault(fault, { prefix: operation.upstream ?? "/api/2" });
    try {
      await provoke(operation, status, [request, code]);
    } finally {
      await upstream.calm();
      await until(async () => {
        const answer = await send("main", "GET", "/health", { query: "?deep=1" });
        return answer.json().status === "ok";
      }, "the workspace is well again");
    }
  });
});

const paths = Object.entries(description.paths);
test.each(paths)("405: %s takes what it says and nothing else", async (path, methods) => {
  const takes = new Set(Object.keys(methods).map((method) => method.toUpperCase()));
  for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"].filter((method) => !takes.has(method))) {
    const answer = await send("main", method, path, { ids: unknown });
    expectProblem(answer, 405, "method_unknown");
    const allowed = answer.headers.allow.split(", ");
    expect(allowed).toEqual(expect.arrayContaining([...takes, "OPTIONS"]));
    expect(allowed).not.toContain(method);
  }
});

test("every status of the interface's table is on some operation", () => {
  const seen = new Set(described.flatMap(({ statuses }) => statuses));
  for (const status of [400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 502, 503, 504])
    expect(seen, `${status}`).toContain(status);
});
