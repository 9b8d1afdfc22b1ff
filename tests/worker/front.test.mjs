// Two workers: the proxy to Genie in front, and behind it the worker with plans, bound as PLANS.

import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EMULATOR_TOKEN, emulator, expectProblem, SPACE, until, worker } from "./harness.mjs";
import { agree, begin, cookiesOf, header, signIn } from "./people.mjs";
import { plan } from "./plans.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const build = fileURLToPath(new URL("../../target/worker-front", import.meta.url));
const path = `/api/genie/get?space_id=${SPACE}`;
const json = { "content-type": "application/json" };
const whole = JSON.parse(readFileSync(new URL("../../worker/openapi.json", import.meta.url), "utf8"));
const tokens = {
  API_TOKENS: `alpha:${createHash("sha256").update("alpha-token").digest("hex")}`,
  CALLER_ROLES: "alpha:author",
};
const alpha = { authorization: "Bearer alpha-token" };
let upstream;

beforeAll(async () => {
  execFileSync("scripts/build-worker.sh", [build, "--no-default-features"], { cwd: root, stdio: "inherit" });
  upstream = await emulator();
}, 600_000);
afterAll(() => upstream?.stop());
beforeEach(() => upstream.forget());
afterEach(() => upstream.calm());

const pair = (plans, bindings = {}, front = {}) =>
  worker(upstream, bindings, { front: { build, ...(plans && { plans }), ...front } });

/** An address of a described path. */
const at = (described) =>
  described.replace(/\{(space_id|conversation_id)\}/g, SPACE).replace(/\{\w+\}/g, "1f0e1c5e");

describe("with the worker that has plans", () => {
  let server;
  beforeAll(async () => {
    server = await pair("worker", {
      ...tokens,
      HANDOFF_SIGNING_KEY: JSON.stringify({
        ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }),
        kid: "2026-a",
      }),
    });
  });
  afterAll(() => server?.stop());

  test("a space comes from the front alone", async () => {
    const answer = await server.get(path, { headers: alpha });
    expect({ status: answer.status, body: answer.json() }).toMatchObject({
      status: 200,
      body: { space_id: SPACE },
    });
    await server.lineOf(answer);
    const id = answer.headers["x-request-id"];
    expect(server.lines().filter((line) => line.request_id === id)).toHaveLength(1);
    expectProblem(await server.get(path), 401, "credential_missing");
    expectProblem(
      await server.get("/api/genie/get?space_id=x", { headers: alpha }),
      400,
      "space_id_malformed",
    );
    expect((await server.get("/.well-known/genie-handoff.json")).json().keys).toHaveLength(1);
  });

  test("a plan goes through it, with its body, its headers and one id in both logs", async () => {
    const body = plan();
    const { plan_id } = body.plan_metadata;
    const made = await server.get("/api/plans", {
      method: "POST",
      headers: { ...alpha, ...json, "idempotency-key": "k1" },
      body: JSON.stringify(body),
    });
    expect(made.status, made.text).toBe(201);
    expect(made.headers.location).toBe(`/api/plans/${plan_id}`);
    expect(made.headers["content-security-policy"]).toContain("default-src 'none'");
    const id = made.headers["x-request-id"];
    const lines = await until(() => {
      const found = server.lines().filter((line) => line.request_id === id);
      return found.length === 2 && found;
    }, "a line of each worker");
    for (const line of lines) expect(line).toMatchObject({ route: "/api/plans", status: 201 });
    const again = await server.get(`/api/plans/${plan_id}`, { headers: alpha });
    expect([again.status, again.headers.etag]).toEqual([200, made.headers.etag]);
    const head = await server.get(`/api/plans/${plan_id}`, { method: "HEAD", headers: alpha });
    expect([head.status, head.text]).toEqual([200, ""]);
  });

  test("whoever the other worker does not know is refused there, whatever they say", async () => {
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { "x-caller": "alpha", "cf-worker": "x" },
    ]) {
      const answer = await server.get("/api/plans", { headers });
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toContain("Bearer");
    }
    const deploy = { method: "POST", headers: { ...alpha, ...json }, body: "{}" };
    expectProblem(await server.get("/api/plans/p/deploy", deploy), 403, "role_missing");
  });

  test("methods, preflights and unknown addresses are answered as by one worker", async () => {
    const wrong = await server.get("/api/plans", { method: "DELETE", headers: alpha });
    expectProblem(wrong, 405, "method_unknown");
    expect(wrong.headers.allow).toBe("GET, HEAD, POST, OPTIONS");
    expect((await server.get("/api/plans", { method: "OPTIONS" })).status).toBe(204);
    expectProblem(await server.get("/api/nope", { headers: alpha }), 404, "route_unknown");
  });

  test("the description is the whole one, and so is the health", async () => {
    const description = (await server.get("/openapi.json")).json();
    expect(Object.keys(description.paths).sort()).toEqual(Object.keys(whole.paths).sort());
    const health = (await server.get("/health?deep=1", { headers: alpha })).json();
    expect(health).toMatchObject({ status: "ok", database: "elsewhere", upstream: { reachable: true } });
  });

  test("nobody is told a credential", async () => {
    await server.get("/api/plans", { headers: alpha });
    expect(server.logs()).not.toContain("alpha-token");
    expect(server.logs()).not.toContain(EMULATOR_TOKEN);
  });
});

describe("people who sign in", () => {
  let server;
  beforeAll(async () => {
    server = await pair("worker", {
      OAUTH_CLIENT_ID: "emulator-client",
      OAUTH_CLIENT_SECRET: "emulator-secret",
      SESSION_KEY: Buffer.alloc(32, 7).toString("base64"),
    });
  });
  afterAll(() => server?.stop());

  test("are served by the worker with the database, for spaces as well", async () => {
    const { cookie } = await signIn(server);
    const answer = await server.get(path, { headers: { cookie } });
    expect(answer.status, answer.text).toBe(200);
    const id = answer.headers["x-request-id"];
    const lines = await until(() => {
      const found = server.lines().filter((line) => line.request_id === id);
      return found.length === 2 && found;
    }, "a line of each worker");
    expect(lines.map((line) => line.caller).filter(Boolean)).toEqual([expect.stringMatching(/^databricks:/)]);
    expect((await server.get("/api/me", { headers: { cookie } })).json().kind).toBe("databricks");
  });

  test("keep their cookies on the way", async () => {
    const { page, cookies } = await begin(server);
    const answer = await server.get(await agree(page), { headers: { cookie: header(cookies) } });
    expect(answer.status).toBe(302);
    expect(Object.keys(cookiesOf(answer))).toContain("genie_handoff_session");
  });
});

describe("without another worker", () => {
  let server;
  beforeAll(async () => {
    server = await pair(undefined, { ...tokens, ALLOWED_ORIGINS: "https://app.example" });
  });
  afterAll(() => server?.stop());

  test("the description names what is here, and nothing else", async () => {
    const description = (await server.get("/openapi.json")).json();
    const here = Object.keys(description.paths);
    expect(here).toContain("/api/genie/get");
    for (const described of Object.keys(whole.paths)) {
      const method =
        "get" in whole.paths[described] ? "GET" : Object.keys(whole.paths[described])[0].toUpperCase();
      const answer = await server.get(at(described), { method, headers: alpha });
      expect({ described, absent: answer.status === 501 }).toEqual({
        described,
        absent: !here.includes(described),
      });
    }
    const text = JSON.stringify(description);
    for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
      expect(description.components[kind], `${kind}/${name}`).toHaveProperty(name);
    }
  });

  test("its routes say so, also to pages of allowed sites", async () => {
    const answer = await server.get("/api/plans", { headers: { ...alpha, origin: "https://app.example" } });
    expect(expectProblem(answer, 501, "plans_absent").retryable).toBe(false);
    expect(answer.headers["access-control-allow-origin"]).toBe("https://app.example");
    expect((await server.get(path, { headers: alpha })).status).toBe(200);
  });
});

describe("a worker behind that fails", () => {
  const source = `export default { fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/audit") throw new Error("secret " + request.headers.get("authorization"));
    if (pathname === "/api/me") return new Response("odd", { headers: { "x-request-id": "not an id\\t" } });
    return new Response("gone", { status: 599 });
  } }`;
  let server;
  beforeAll(async () => {
    server = await pair(source, tokens);
  });
  afterAll(() => server?.stop());

  test("is 503 with a problem, and quotes nothing", async () => {
    const answer = await server.get("/api/audit", { headers: alpha });
    expect(expectProblem(answer, 503, "plans_unreachable").retryable).toBe(true);
    const line = await server.lineOf(answer);
    expect(line).toMatchObject({ status: 503, code: "plans_unreachable", cause: "the call failed" });
    expect(
      server
        .lines()
        .map((line) => JSON.stringify(line))
        .join(),
    ).not.toContain("alpha-token");
    expect((await server.get(path, { headers: alpha })).status).toBe(200);
  });

  test("what it says passes through, and an id that is none is not logged", async () => {
    expect((await server.get("/api/plans", { headers: alpha })).status).toBe(599);
    const odd = await server.get("/api/me", { headers: alpha });
    expect(odd.text).toBe("odd");
    await until(() => server.lines().some((line) => line.route === "/api/me"), "its line");
    expect(server.logs()).not.toContain("not an id");
  });
});
