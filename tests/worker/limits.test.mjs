// How often callers may call, what they may do, and when Databricks is left alone.

import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, SPACE, until, worker } from "./harness.mjs";

const hash = (token) => createHash("sha256").update(token).digest("hex");
const path = `/api/genie/get?space_id=${SPACE}`;
const tokens = `canvas:${hash("alpha-token")},ops:${hash("beta-token")},author:${hash("gamma")},nobody:${hash("delta")}`;
const as = (token, more) => ({ headers: { authorization: `Bearer ${token}`, ...more } });
const post = (token, body = "{}") => ({
  ...as(token, { "content-type": "application/json" }),
  method: "POST",
  body,
});
let upstream;

beforeAll(async () => {
  upstream = await emulator();
});
afterAll(() => upstream?.stop());
afterEach(() => upstream.calm());

describe("rates", () => {
  let server;
  beforeAll(async () => {
    // A burst of 10 requests and of 2 writes.
    const bindings = {
      API_TOKENS: tokens,
      RATE_LIMIT: "60",
      RATE_LIMIT_WRITES: "8",
      CALLER_ROLES: "*=deployer|author",
    };
    server = await worker(upstream, bindings);
  });
  afterAll(() => server?.stop());

  test("are each caller's own, and say when to come back", async () => {
    const began = Date.now();
    let passed = 0;
    let last = await server.get("/api/me", as("alpha-token"));
    for (; last.status === 200; passed++) last = await server.get("/api/me", as("alpha-token"));
    // However slow the machine is: the burst, and one more for each second since.
    expect(passed).toBeGreaterThanOrEqual(10);
    expect(passed).toBeLessThanOrEqual(11 + (Date.now() - began) / 1000);
    const problem = expectProblem(last, 429, "too_many_requests");
    expect(problem).toMatchObject({ retryable: true, retry_after: 1 });
    expect(last.headers["retry-after"]).toBe("1");
    expect((await server.get("/api/me", as("beta-token"))).status).toBe(200);
    const back = await until(async () => {
      const answer = await server.get("/api/me", as("alpha-token"));
      return answer.status === 200 && answer;
    }, "a request a second");
    expect(back.json().caller).toBe("canvas");
  });

  test("of writes are narrower, and leave reads alone", async () => {
    const codes = [];
    for (let n = 0; n < 3; n++) codes.push((await server.get("/api/plans", post("gamma"))).json().code);
    expect(codes.slice(0, 2)).not.toContain("too_many_requests");
    expect(codes[2]).toBe("too_many_requests");
    expect((await server.get("/api/me", as("gamma"))).status).toBe(200);
  });

  test("what is for everybody is not counted", async () => {
    for (let n = 0; n < 30; n++) expect((await server.get("/health")).status).toBe(200);
  });

  test("upstream's own limit is told apart", async () => {
    await upstream.fault({ kind: "status", status: 429, retry_after: 60 });
    expectProblem(
      await server.get(path, as("beta-token", { "cache-control": "no-cache" })),
      429,
      "upstream_busy",
    );
  });
});

describe("roles", () => {
  let server;
  beforeAll(async () => {
    server = await worker(upstream, {
      API_TOKENS: tokens,
      CALLER_ROLES: "ops:author|deployer,author:author,nobody:none",
    });
  });
  afterAll(async () => {
    if (server) expectNoSecret(server.logs());
    await server?.stop();
  });

  const id = "3f2b8c1e-6d4a-4c57-9b1a-2e7f5d8c9a01";
  const actions = [
    ["GET", "/api/plans", "viewer"],
    ["GET", `/api/plans/${id}/runs`, "viewer"],
    ["GET", "/api/audit", "viewer"],
    ["GET", path, "viewer"],
    ["POST", "/api/plans", "author"],
    ["PUT", `/api/plans/${id}`, "author"],
    ["DELETE", `/api/plans/${id}`, "author"],
    ["POST", "/api/handoffs", "author"],
    ["POST", `/api/plans/${id}/preview`, "author"],
    ["POST", `/api/plans/${id}/deploy`, "deployer"],
    ["POST", `/api/plans/${id}/pause`, "deployer"],
    ["POST", `/api/plans/${id}/resume`, "deployer"],
    ["POST", `/api/plans/${id}/undeploy`, "deployer"],
    ["POST", `/api/plans/${id}/runs`, "deployer"],
    ["POST", `/api/plans/${id}/runs/7/cancel`, "deployer"],
    ["POST", `/api/plans/${id}/runs/7/repair`, "deployer"],
  ];
  const callers = {
    "alpha-token": ["viewer"],
    "beta-token": ["viewer", "author", "deployer"],
    gamma: ["viewer", "author"],
    delta: [],
  };

  test.each(Object.entries(callers))("%s may do what %j may, and nothing else", async (token, roles) => {
    expect((await server.get("/api/me", as(token))).json().roles).toEqual(roles);
    await upstream.forget();
    for (const [method, route, role] of actions) {
      const answer = await server.get(route, { ...post(token, method === "GET" ? undefined : "{}"), method });
      if (roles.includes(role)) {
        expect(answer.json().code, `${method} ${route}`).not.toBe("role_missing");
      } else {
        expect(expectProblem(answer, 403, "role_missing").detail, `${method} ${route}`).toContain(role);
      }
    }
    if (roles.length === 0) expect(await upstream.requests(), "nothing was asked").toEqual([]);
  });

  test("a server that names no roles lets its callers read and write plans, and nobody deploy", async () => {
    const plain = await worker(upstream, { API_TOKENS: tokens });
    try {
      expect((await plain.get(path, as("alpha-token"))).status).toBe(200);
      expect((await plain.get("/api/plans", post("alpha-token"))).status, "a body that is no plan").not.toBe(
        403,
      );
      const plan = "/api/plans/2b0e6f38-6f0b-4a70-9f31-6d2d8f6f7a11";
      for (const action of ["deploy", "runs", "undeploy"]) {
        expectProblem(await plain.get(`${plan}/${action}`, post("alpha-token")), 403, "role_missing");
      }
    } finally {
      await plain.stop();
    }
  });
});

describe("the breaker", () => {
  test("leaves a workspace alone that fails again and again, looks once, and goes on when it is well", async () => {
    const server = await worker(upstream, { UPSTREAM_TIMEOUT_MS: "400", UPSTREAM_TOTAL_MS: "2500" });
    const get = () => server.get(path, { headers: { "cache-control": "no-cache" } });
    try {
      await upstream.fault({ kind: "status", status: 502 });
      for (let n = 0; n < 12; n++) expectProblem(await get(), 502, "upstream_failed");
      await upstream.forget();
      const rests = await get();
      const problem = expectProblem(rests, 503, "breaker_open");
      expect(problem.retry_after).toBeGreaterThan(0);
      expect(rests.headers["retry-after"]).toBe(String(problem.retry_after));
      expect((await server.lineOf(rests)).cause).toBe("the breaker is open");
      expect(await upstream.requests(), "it is not asked").toEqual([]);

      // After the rest one call looks, and finds it still ill: the next rest is twice as long.
      await until(async () => (await get()).json().code === "upstream_failed", "the breaker lets one look");
      expect((await upstream.requests()).length).toBe(1);
      expect(expectProblem(await get(), 503, "breaker_open").retry_after).toBeGreaterThan(2);

      await upstream.calm();
      await until(async () => (await get()).status === 200, "it is well again");
      expect((await get()).status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  test("refusals are no failures", async () => {
    const server = await worker(upstream);
    try {
      await upstream.fault({ kind: "status", status: 403 });
      for (let n = 0; n < 15; n++) await server.get(path);
      expectProblem(await server.get(path), 404, "space_not_found");
    } finally {
      await server.stop();
    }
  });
});
