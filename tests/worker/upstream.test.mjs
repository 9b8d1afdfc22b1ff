// Databricks in every mood: credentials, deadlines, retries, limits.

import http from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, SPACE, until, worker } from "./harness.mjs";

const path = `/api/genie/get?space_id=${SPACE}`;
const headers = { "cache-control": "no-cache" };
const SHORT = { UPSTREAM_TIMEOUT_MS: "400", UPSTREAM_TOTAL_MS: "2500" };
let upstream;
let server;

beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream, SHORT);
});
afterAll(async () => {
  if (server) expectNoSecret(server.logs());
  await server?.stop();
  await upstream?.stop();
});
beforeEach(() => upstream.forget());
afterEach(() => upstream.calm());

const get = () => server.get(path, { headers });
const calls = async () => (await upstream.requests()).length;

describe("faults", () => {
  test.each([
    ["401", { kind: "status", status: 401 }, 502, "upstream_refused_us", 1],
    ["500", { kind: "status", status: 500 }, 502, "upstream_failed", 1],
    ["a hang", { kind: "hang" }, 504, "upstream_slow", 1],
    ["a body that never ends", { kind: "slow_body" }, 504, "upstream_slow", 1],
    ["broken JSON", { kind: "broken_json" }, 502, "upstream_unreadable", 1],
    ["a body cut short", { kind: "truncate" }, 502, "upstream_unreadable", 1],
    ["HTML with status 200", { kind: "html" }, 502, "upstream_unreadable", 1],
    ["a redirect", { kind: "redirect" }, 502, "upstream_redirected", 1],
    ["a huge body", { kind: "huge_body" }, 502, "upstream_unreadable", 1],
    ["a small body that unpacks to a huge one", { kind: "gzip_bomb" }, 502, "upstream_unreadable", 1],
    ["another space than asked for", { kind: "wrong_id" }, 502, "upstream_unreadable", 1],
    // Two attempts of ours; the runtime repeats one by itself when the connection had been used before.
    ["a dropped connection", { kind: "drop" }, 503, "upstream_unreachable", 3],
  ])("%s", async (_name, fault, status, code, expected) => {
    await upstream.fault(fault);
    const problem = expectProblem(await get(), status, code);
    expect(await calls()).toBeLessThanOrEqual(expected);
    if (status === 503) expect(problem.retry_after).toBeGreaterThan(0);
    await upstream.calm();
    expect((await get()).status, "well again without a restart").toBe(200);
  });

  test.each([403, 404])("%i means that there is no such space", async (status) => {
    await upstream.fault({ kind: "status", status });
    expectProblem(await get(), 404, "space_not_found");
  });

  test.each([
    [429, 429, "upstream_busy"],
    [503, 502, "upstream_failed"],
  ])("%i is tried again, then told with the time to wait", async (status, told, code) => {
    await upstream.fault({ kind: "status", status, retry_after: 0 });
    const answer = await get();
    const problem = expectProblem(answer, told, code);
    expect(await calls()).toBe(3);
    expect(answer.headers["retry-after"]).toBe(String(problem.retry_after));
  });

  test.each([429, 503])("%i once is not seen by the caller", async (status) => {
    await upstream.fault({ kind: "status", status, retry_after: 1 }, { times: 1 });
    const began = Date.now();
    expect((await get()).status).toBe(200);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
    expect(await calls()).toBe(2);
  });

  test("a wait that does not fit is passed on at once", async () => {
    await upstream.fault({ kind: "status", status: 429, retry_after: 60 });
    const began = Date.now();
    const answer = await get();
    expectProblem(answer, 429, "upstream_busy");
    expect(answer.headers["retry-after"]).toBe("60");
    expect(Date.now() - began).toBeLessThan(1000);
    expect(await calls()).toBe(1);
  });

  test("latency within the deadline is waited for", async () => {
    await upstream.fault({ kind: "latency", ms: 150 });
    expect((await get()).status).toBe(200);
  });

  test("errors are not kept", async () => {
    await upstream.fault({ kind: "status", status: 500 }, { times: 1 });
    expect((await server.get(path, { headers })).status).toBe(502);
    expect((await server.get(path, { headers })).status).toBe(200);
  });

  test("lists go through the same care", async () => {
    await upstream.fault({ kind: "broken_json" });
    expectProblem(await server.get("/api/genie/spaces"), 502, "upstream_unreadable");
    await upstream.calm();
    await upstream.fault({ kind: "status", status: 429, retry_after: 60 });
    expectProblem(await server.get(`/api/genie/spaces/${SPACE}/conversations`), 429, "upstream_busy");
  });
});

describe("the total deadline", () => {
  test("ends retries in time", async () => {
    await upstream.fault({ kind: "status", status: 503, retry_after: 1 });
    const began = Date.now();
    expectProblem(await get(), 502, "upstream_failed");
    expect(Date.now() - began).toBeLessThan(2500 + 500);
  });
});

describe("a workspace that is away", () => {
  test("is 503, and is found again when it is back", async () => {
    const gone = await emulator();
    const port = Number(new URL(gone.url).port);
    const lonely = await worker(gone, SHORT);
    try {
      expect((await lonely.get(path, { headers })).status).toBe(200);
      await gone.stop();
      const answer = await lonely.get(path, { headers });
      expectProblem(answer, 503, "upstream_unreachable");
      expect(answer.headers["retry-after"]).toBeTruthy();
      expect((await lonely.get("/health")).status).toBe(200);
      expect((await lonely.get("/health?deep=1")).json()).toMatchObject({ status: "degraded" });
      const back = await emulator({ port });
      try {
        const again = await until(async () => {
          const answer = await lonely.get(path, { headers });
          return answer.status === 200 && answer;
        }, "the space is back");
        expect(again.json().space_id).toBe(SPACE);
      } finally {
        await back.stop();
      }
    } finally {
      await lonely.stop();
    }
  });
});

describe("redirects", () => {
  test("never carry the credential anywhere", async () => {
    const seen = [];
    const thief = http.createServer((request, response) => {
      seen.push(request.headers);
      response.end("{}");
    });
    await new Promise((resolve) => thief.listen(0, "127.0.0.1", resolve));
    try {
      await upstream.fault({ kind: "redirect", location: `http://127.0.0.1:${thief.address().port}/steal` });
      expectProblem(await get(), 502, "upstream_redirected");
      expect(seen).toEqual([]);
    } finally {
      await new Promise((resolve) => thief.close(resolve));
    }
  });
});

describe("a service principal", () => {
  const principal = { DATABRICKS_CLIENT_ID: "emulator-client", DATABRICKS_CLIENT_SECRET: "emulator-secret" };
  const tokenCalls = async () =>
    (await upstream.requests({ tokens: true })).filter((r) => r.path.startsWith("/oidc/")).length;
  let oauth;
  beforeEach(async () => {
    await upstream.control("POST", "/reset");
    oauth = await worker(upstream, { ...SHORT, ...principal });
    return async () => {
      expectNoSecret(oauth.logs());
      await oauth.stop();
    };
  });
  const ask = (id = SPACE) => oauth.get(`/api/genie/get?space_id=${id}`, { headers });

  test("gets one token for many waiting requests and keeps it", async () => {
    await upstream.fault({ kind: "latency", ms: 100 }, { prefix: "/oidc/" });
    const spaces = (await server.get("/api/genie/spaces?page_size=100"))
      .json()
      .spaces.map((space) => space.space_id);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => ask(spaces[n % spaces.length])));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
    await ask();
    expect(await tokenCalls()).toBe(1);
  });

  test("gets another token when the first is revoked", async () => {
    expect((await ask()).status).toBe(200);
    await upstream.control("POST", "/tokens/revoke");
    expect((await ask()).status).toBe(200);
    expect(await tokenCalls()).toBe(2);
  });

  test("with a short-lived token renews it and does not ask for each request", async () => {
    await upstream.control("POST", "/tokens/ttl", { seconds: 120 });
    for (let n = 0; n < 5; n += 1) expect((await ask()).status).toBe(200);
    expect(await tokenCalls()).toBe(1);
  });

  test("that is refused says whose fault it is, to all who wait", async () => {
    const wrong = await worker(upstream, { ...SHORT, ...principal, DATABRICKS_CLIENT_SECRET: "beta-token" });
    try {
      const answers = await Promise.all(Array.from({ length: 10 }, () => wrong.get(path, { headers })));
      for (const answer of answers) expectProblem(answer, 502, "upstream_refused_us");
      expectNoSecret(wrong.logs());
    } finally {
      await wrong.stop();
    }
  });

  test("whose token endpoint hangs is 504 in time", async () => {
    await upstream.fault({ kind: "hang" }, { prefix: "/oidc/" });
    expectProblem(await ask(), 504, "upstream_slow");
    await upstream.calm();
    expect((await ask()).status).toBe(200);
  });
});
