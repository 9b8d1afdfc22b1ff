// The public worker and the private one behind it: what goes through, what does not, and what happens when it fails.

import { createHash, randomUUID, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EMULATOR_TOKEN, emulator, expectProblem, SPACE, until, worker } from "./harness.mjs";
import { agree, begin, cookiesOf, header, signIn } from "./people.mjs";
import { plan } from "./plans.mjs";

const path = `/api/genie/get?space_id=${SPACE}`;
const json = { "content-type": "application/json" };
const whole = JSON.parse(readFileSync(new URL("../../worker/openapi.json", import.meta.url), "utf8"));
const tokens = {
  API_TOKENS: `alpha:${createHash("sha256").update("alpha-token").digest("hex")}`,
  CALLER_ROLES: "alpha:author",
};
const alpha = { authorization: "Bearer alpha-token" };
const SITE = "https://app.example";
let upstream;

beforeAll(async () => {
  upstream = await emulator();
});
afterAll(() => upstream?.stop());
beforeEach(() => upstream.forget());
afterEach(() => upstream.calm());

/** All log lines of the request behind an answer, once there are `count`. */
const linesOf = (server, answer, count) =>
  until(() => {
    const id = answer.headers["x-request-id"];
    const found = server.lines().filter((line) => line.request_id === id);
    return found.length >= count && found;
  }, `${count} lines of ${answer.headers["x-request-id"]}`);

describe("the two together", () => {
  let server;
  beforeAll(async () => {
    server = await worker(upstream, { ...tokens, ALLOWED_ORIGINS: SITE });
  });
  afterAll(() => server?.stop());

  test("a space comes from the public one alone", async () => {
    const answer = await server.get(path, { headers: alpha });
    expect(answer.json()).toMatchObject({ space_id: SPACE });
    // A later request has gone through both, so a line of the other one would be here by now.
    await linesOf(server, await server.get("/api/plans", { headers: alpha }), 2);
    expect(await linesOf(server, answer, 1)).toHaveLength(1);
  });

  test("a plan goes through, with its body, its headers and one id in both logs", async () => {
    const body = plan();
    const { plan_id } = body.plan_metadata;
    const create = (headers) =>
      server.get("/api/plans", {
        method: "POST",
        headers: { ...alpha, ...json, "idempotency-key": randomUUID(), ...headers },
        body: JSON.stringify(body),
      });
    // What a caller calls its request is not what we call it.
    const made = await create({ "x-request-id": "abcdefabcdefabcd-000001", "idempotency-key": "k1" });
    expect(made.status, made.text).toBe(201);
    expect(made.headers.location).toBe(`/api/plans/${plan_id}`);
    const lines = await linesOf(server, made, 2);
    for (const line of lines)
      expect(line).toMatchObject({ route: "/api/plans", status: 201, caller: "alpha" });
    expect(server.logs()).not.toContain("abcdefabcdefabcd");
    const { entries } = (await server.get(`/api/audit?plan_id=${plan_id}`, { headers: alpha })).json();
    expect(new Set(entries.map((entry) => entry.request_id))).toEqual(
      new Set([made.headers["x-request-id"]]),
    );
    // The header that makes a repetition harmless has arrived.
    expect((await create({ "idempotency-key": "k1" })).json()).toEqual(made.json());
    const again = await server.get(`/api/plans/${plan_id}`, { headers: alpha });
    expect([again.status, again.headers.etag]).toEqual([200, made.headers.etag]);
    const head = await server.get(`/api/plans/${plan_id}`, { method: "HEAD", headers: alpha });
    expect([head.status, head.text, head.headers.etag]).toEqual([200, "", made.headers.etag]);
    const notModified = await server.get(`/api/plans/${plan_id}?x=${encodeURIComponent("a b")}`, {
      headers: alpha,
    });
    expect(notModified.status).toBe(200);
    const gone = await server.get(`/api/plans/${plan_id}`, { method: "DELETE", headers: alpha });
    expect((await linesOf(server, gone, 2)).map((line) => line.method)).toEqual(["DELETE", "DELETE"]);
  });

  test("headers are there once", async () => {
    for (const address of ["/api/plans", path]) {
      const { headers } = await server.get(address, { headers: { ...alpha, origin: SITE } });
      expect(headers).toMatchObject({
        "access-control-allow-origin": SITE,
        "x-content-type-options": "nosniff",
        "x-request-id": expect.stringMatching(/^[0-9a-f]{16}-[0-9a-f]{6,}$/),
      });
      expect(headers["content-security-policy"].match(/default-src/g)).toHaveLength(1);
    }
  });

  test("what is wrong is refused in front, and asks nobody behind", async () => {
    const deploy = { method: "POST", headers: { ...alpha, ...json }, body: "{}" };
    const wrong = await server.get("/api/plans", { method: "DELETE", headers: alpha });
    expect(wrong.headers.allow).toBe("GET, HEAD, POST, OPTIONS");
    const stranger = await server.get("/api/plans");
    expect(stranger.headers["www-authenticate"]).toContain("Bearer");
    const refused = [
      [wrong, 405, "method_unknown"],
      [stranger, 401, "credential_missing"],
      [
        await server.get("/api/plans", { headers: { authorization: "Bearer wrong" } }),
        401,
        "credential_invalid",
      ],
      [await server.get("/api/nope", { headers: alpha }), 404, "route_unknown"],
      [await server.get("/api/plans/p/deploy", deploy), 403, "role_missing"],
    ];
    const preflight = await server.get("/api/plans", { method: "OPTIONS", headers: { origin: SITE } });
    expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([204, SITE]);
    await linesOf(server, await server.get("/api/plans", { headers: alpha }), 2);
    for (const [answer, status, code] of refused) {
      expectProblem(answer, status, code);
      expect(await linesOf(server, answer, 1)).toHaveLength(1);
    }
    expect(await linesOf(server, preflight, 1)).toHaveLength(1);
  });

  test("the private one asks everybody who they are, and has no other routes", async () => {
    const ask = async (address, headers, init) => {
      const response = await server.behind(address, { headers, ...init });
      return { status: response.status, body: await response.json() };
    };
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { "x-caller": "alpha", "cf-worker": "x" },
    ]) {
      expect((await ask("/api/plans", headers)).status).toBe(401);
    }
    const deploy = await ask("/api/plans/p/deploy", { ...alpha, ...json }, { method: "POST", body: "{}" });
    expect([deploy.status, deploy.body.code]).toEqual([403, "role_missing"]);
    for (const address of [path, "/", "/h/abcdefgh12345678abcd", "/.well-known/genie-handoff.json"]) {
      const { status, body } = await ask(address, alpha);
      expect({ address, status, code: body.code }).toEqual({ address, status: 404, code: "route_unknown" });
    }
    // An id is all that it believes, and only if it is one.
    for (const [id, taken] of [
      ["0123456789abcdef-000007", true],
      ["not an id", false],
      [`0${"1".repeat(99)}`, false],
    ]) {
      const { body } = await ask("/api/plans", { "x-request-id": id });
      expect(body.request_id === id).toBe(taken);
    }
  });

  test("bodies up to the limit go through, longer ones are refused", async () => {
    const limit = (1 << 20) + (64 << 10);
    const send = (length, headers) =>
      server.get("/api/plans", {
        method: "POST",
        headers: { ...alpha, ...json, ...headers },
        body: `"${"x".repeat(length - 2)}"`,
      });
    expectProblem(await send(1 << 20), 400, "body_malformed");
    for (const headers of [{}, { "transfer-encoding": "chunked" }, { "content-length": limit + 1 }]) {
      expectProblem(await send(limit + 1, headers), 413, "body_too_large");
    }
    expect((await server.get("/api/plans", { headers: alpha })).status).toBe(200);
  });

  test("the description is the whole one", async () => {
    expect((await server.get("/openapi.json")).json()).toEqual(whole);
    const head = await server.get("/openapi.json", { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
  });

  test("health looks through to the end", async () => {
    const deep = async () => (await server.get("/health?deep=1", { headers: alpha })).json();
    expect(await deep()).toMatchObject({
      status: "ok",
      database: "ok",
      plans: "ok",
      upstream: { reachable: true },
    });
    expect((await upstream.requests()).map((request) => request.path)).toEqual(
      Array(2).fill("/api/2.0/preview/scim/v2/Me"),
    );
    await upstream.fault({ kind: "status", status: 500 });
    expect(await deep()).toMatchObject({
      status: "degraded",
      plans: "degraded",
      upstream: { reachable: false },
    });
    expect((await server.get("/health?deep=1")).status).toBe(401);
  });

  test("nobody is told a credential", () => {
    expect(server.logs()).not.toContain("alpha-token");
    expect(server.logs()).not.toContain(EMULATOR_TOKEN);
  });
});

describe("a limit", () => {
  test("counts what goes through once, and with everything else", async () => {
    // A burst of 10, and one more each second.
    const server = await worker(upstream, { ...tokens, RATE_LIMIT: "60" });
    try {
      const began = Date.now();
      const addresses = [path, "/api/plans", "/api/audit"];
      let passed = 0;
      let last;
      do last = await server.get(addresses[passed++ % 3], { headers: alpha });
      while (last.status === 200);
      expectProblem(last, 429, "too_many_requests");
      expect(passed - 1).toBeGreaterThanOrEqual(10);
      expect(passed - 1).toBeLessThanOrEqual(11 + (Date.now() - began) / 1000);
    } finally {
      await server.stop();
    }
  });
});

describe("people who sign in", () => {
  let server;
  const key = Buffer.alloc(32, 7);
  beforeAll(async () => {
    server = await worker(upstream, {
      OAUTH_CLIENT_ID: "emulator-client",
      OAUTH_CLIENT_SECRET: "emulator-secret",
      SESSION_KEY: key.toString("base64"),
    });
  });
  afterAll(() => server?.stop());

  /** The cookie, opened, changed and closed again, as time would do it. */
  async function aged(cookie, ms) {
    const [name, value] = cookie.split("=");
    const [id, text] = value.split(".");
    const bytes = Buffer.from(text, "base64url");
    const usages = ["encrypt", "decrypt"];
    const secret = await webcrypto.subtle.importKey("raw", key, "AES-GCM", false, usages);
    const iv = bytes.subarray(0, 12);
    const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode("session") };
    const ticket = JSON.parse(Buffer.from(await webcrypto.subtle.decrypt(how, secret, bytes.subarray(12))));
    ticket.until_ms -= ms;
    const sealed = await webcrypto.subtle.encrypt(how, secret, Buffer.from(JSON.stringify(ticket)));
    return `${name}=${id}.${Buffer.concat([iv, Buffer.from(sealed)]).toString("base64url")}`;
  }

  test("get spaces from the public worker, and plans through it", async () => {
    const { cookie } = await signIn(server);
    const space = await server.get(path, { headers: { cookie } });
    expect(space.status, space.text).toBe(200);
    const me = await server.get("/api/me", { headers: { cookie } });
    expect(me.json().kind).toBe("databricks");
    for (const line of await linesOf(server, me, 2)) expect(line.caller).toMatch(/^databricks:/);
    const lines = await linesOf(server, space, 1);
    expect(lines.map((line) => line.caller)).toEqual([expect.stringMatching(/^databricks:/)]);
  });

  test("keep their cookies on the way", async () => {
    const { page, cookies } = await begin(server);
    const answer = await server.get(await agree(page), { headers: { cookie: header(cookies) } });
    expect(answer.status).toBe(302);
    expect(Object.keys(cookiesOf(answer))).toContain("genie_handoff_session");
  });

  test("get a new cookie when theirs is half through its life, once, whoever answers", async () => {
    for (const address of [path, "/api/plans", "/api/me"]) {
      const { cookie } = await signIn(server);
      expect((await server.get(address, { headers: { cookie } })).headers["set-cookie"]).toBeUndefined();
      const old = await aged(cookie, 31 * 60_000);
      const answer = await server.get(address, { headers: { cookie: old } });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers["set-cookie"]).toHaveLength(1);
      expect(answer.headers["content-type"]).toBe("application/json");
      const renewed = `genie_handoff_session=${cookiesOf(answer).genie_handoff_session}`;
      expect((await server.get(address, { headers: { cookie: renewed } })).status).toBe(200);
      expectProblem(
        await server.get(address, { headers: { cookie: await aged(cookie, 61 * 60_000) } }),
        401,
        "session_ended",
      );
    }
  });

  test("are gone at once when they sign out, in both", async () => {
    const { cookie } = await signIn(server);
    for (const address of [path, "/api/me"]) {
      expect((await server.get(address, { headers: { cookie } })).status).toBe(200);
    }
    const out = { method: "POST", headers: { cookie, origin: server.url } };
    expect((await server.get("/auth/logout", out)).status).toBe(204);
    for (const address of [path, "/api/me"]) {
      expectProblem(await server.get(address, { headers: { cookie } }), 401, "session_ended");
    }
  });
});

describe("without a private worker", () => {
  let server;
  beforeAll(async () => {
    server = await worker(upstream, { ...tokens, ALLOWED_ORIGINS: SITE }, { behind: false });
  });
  afterAll(() => server?.stop());

  test("its routes say so, also to pages of allowed sites, and the others work", async () => {
    for (const address of ["/api/plans", "/api/me", "/api/audit", "/auth/login", "/openapi.json"]) {
      const answer = await server.get(address, { headers: { ...alpha, origin: SITE } });
      expect(expectProblem(answer, 501, "plans_absent").retryable).toBe(false);
      expect(answer.headers["access-control-allow-origin"]).toBe(SITE);
    }
    expect((await server.get(path, { headers: alpha })).status).toBe(200);
    expect((await server.get("/.well-known/genie-handoff.json")).json()).toEqual({ keys: [] });
    for (const page of ["/", "/h/abcdefgh12345678abcd"]) {
      const answer = await server.get(page);
      expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    }
    expect((await server.get("/health?deep=1", { headers: alpha })).json()).toMatchObject({
      status: "degraded",
      plans: "not bound",
    });
  });
});

describe("a private worker that fails", () => {
  const source = `
    /** Only told to whoever looks into the log. */
    const say = (what) => console.log(JSON.stringify({ behind: what }));
    const forever = (request) => new Promise((resolve) => {
      const timer = setTimeout(resolve, 600_000);
      request.signal.addEventListener("abort", () => { clearTimeout(timer); say("left alone"); });
    });
    export default { async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/api/audit") throw new Error("secret " + request.headers.get("authorization"));
      if (pathname === "/api/me") return new Response("odd", { headers: { "x-request-id": "not an id" } });
      if (pathname === "/api/plans/late") { say("asked"); await forever(request); }
      if (pathname === "/health") return Response.json({ code: "internal" }, { status: 500 });
      if (pathname === "/api/plans/stream") {
        const { readable, writable } = new TransformStream();
        const writer = writable.getWriter();
        writer.write(new TextEncoder().encode("first")).then(() => forever(request)).then(() => writer.close(), () => {});
        return new Response(readable);
      }
      return new Response("gone", { status: 599 });
    } }`;
  const said = (server, what) =>
    until(
      () => server.lines().filter((line) => line.behind === what).length > 0,
      `the private worker was ${what}`,
    );
  let server;
  beforeAll(async () => {
    server = await worker(upstream, { ...tokens, PLANS_TIMEOUT_MS: "400" }, { behind: source });
  });
  afterAll(() => server?.stop());

  test("is 503 with a problem, and quotes nothing", async () => {
    const answer = await server.get("/api/audit", { headers: alpha });
    expect(expectProblem(answer, 503, "plans_unreachable").retryable).toBe(true);
    expect(await server.lineOf(answer)).toMatchObject({
      status: 503,
      code: "plans_unreachable",
      cause: "the call failed",
    });
    const ours = server.lines().filter((line) => line.event === "request");
    expect(JSON.stringify(ours)).not.toContain("secret");
    expect((await server.get(path, { headers: alpha })).status).toBe(200);
    expect((await server.get("/health?deep=1", { headers: alpha })).json()).toMatchObject({
      status: "degraded",
      plans: "degraded",
    });
  });

  test("what it says passes through, and an id that is none is not logged", async () => {
    expect((await server.get("/api/plans", { headers: alpha })).status).toBe(599);
    const odd = await server.get("/api/me", { headers: alpha });
    expect(odd.text).toBe("odd");
    await until(() => server.lines().some((line) => line.route === "/api/me"), "its line");
    expect(server.logs()).not.toContain("not an id");
  });

  test("is not waited for longer than the limit, and learns that", async () => {
    const answer = await server.get("/api/plans/late", { headers: alpha });
    const problem = expectProblem(answer, 503, "plans_unreachable");
    expect(problem.detail).toContain("may have been done");
    expect(await server.lineOf(answer)).toMatchObject({ cause: "no answer in time" });
    expect((await server.lineOf(answer)).ms).toBeGreaterThanOrEqual(400);
    await said(server, "left alone");
  });

  test("may take its time for the rest of an answer that has begun", async () => {
    const request = http.request(`${server.url}/api/plans/stream`, { headers: alpha, agent: false });
    request.on("error", () => {});
    const first = new Promise((resolve) => request.on("response", (answer) => answer.on("data", resolve)));
    request.end();
    expect(String(await first)).toBe("first");
    request.destroy();
  });
});

describe("a caller who leaves", () => {
  test("is told to the private worker, and is no error in the log", async () => {
    const source = `export default { async fetch(request) {
      console.log(JSON.stringify({ behind: "asked" }));
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 600_000);
        request.signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); });
      });
      console.log(JSON.stringify({ behind: "left alone" }));
      return new Response();
    } }`;
    const server = await worker(upstream, tokens, { behind: source });
    try {
      const request = http.request(`${server.url}/api/plans`, { headers: alpha, agent: false });
      request.on("error", () => {});
      request.end();
      const heard = (what) => until(() => server.lines().some((line) => line.behind === what), what);
      await heard("asked");
      request.socket.resetAndDestroy();
      await heard("left alone");
      const line = await until(() => server.lines().find((line) => line.route === "/api/plans"), "its line");
      expect(line).toMatchObject({ status: 499, cause: "the caller has left", caller: "alpha" });
      expect(line.level).not.toBe("error");
    } finally {
      await server.stop();
    }
  });
});
