// The cache, one call for equal requests, and what a panic may not break.

import { execFileSync } from "node:child_process";
import net from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emulator, expectProblem, SPACE, until, worker } from "./harness.mjs";

const path = `/api/genie/get?space_id=${SPACE}`;
let upstream;

beforeAll(async () => {
  upstream = await emulator();
});
afterAll(() => upstream?.stop());
beforeEach(() => upstream.forget());
afterEach(() => upstream.calm());
const calls = async () => (await upstream.requests()).length;

describe("the cache", () => {
  test("serves an answer again until its time is up, and steps aside for no-cache", async () => {
    const server = await worker(upstream, { CACHE_TTL_MS: "1000" });
    try {
      const first = await server.get(path);
      const began = Date.now();
      expect((await server.get(path)).text).toBe(first.text);
      expect(await calls()).toBe(1);
      await server.get(path, { headers: { "cache-control": "no-cache" } });
      expect(await calls()).toBe(2);
      await until(() => Date.now() - began > 1500, "the time is up");
      const last = await server.get(path);
      expect(await calls()).toBe(3);
      await server.lineOf(last);
      const kinds = server
        .lines()
        .map((line) => line.cache)
        .filter(Boolean);
      expect(kinds).toEqual(["miss", "hit", "miss", "miss"]);
    } finally {
      await server.stop();
    }
  });

  test("can be switched off", async () => {
    const server = await worker(upstream, { CACHE_TTL_MS: "0" });
    try {
      await server.get(path);
      await server.get(path);
      expect(await calls()).toBe(2);
    } finally {
      await server.stop();
    }
  });
});

describe("equal requests", () => {
  let server;
  beforeEach(async () => {
    server = await worker(upstream);
    return () => server.stop();
  });

  test("200 at once cost one call", async () => {
    await upstream.fault({ kind: "latency", ms: 200 });
    const answers = await Promise.all(Array.from({ length: 200 }, () => server.get(path)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(await calls()).toBe(1);
  });

  test("are served when the first of them hangs up", async () => {
    await upstream.fault({ kind: "latency", ms: 300 });
    const { hostname, port } = new URL(server.url);
    const first = net.connect(Number(port), hostname);
    first.on("error", () => {});
    first.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
    await until(async () => (await calls()) === 1, "the first request is upstream");
    const others = Array.from({ length: 50 }, () => server.get(path));
    first.resetAndDestroy();
    const answers = await Promise.all(others);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await calls()).toBeLessThanOrEqual(2);
  });

  test("share an error, and the next one tries anew", async () => {
    await upstream.fault({ kind: "latency", ms: 100 });
    await upstream.fault({ kind: "status", status: 500 }, { times: 1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.get(path)));
    for (const answer of answers) if (answer.status !== 200) expectProblem(answer, 502, "upstream_failed");
    await upstream.calm();
    expect((await server.get(path)).status).toBe(200);
  });

  test("lists are shared as well, and not kept", async () => {
    await upstream.fault({ kind: "latency", ms: 200 });
    await Promise.all(Array.from({ length: 30 }, () => server.get("/api/genie/spaces")));
    expect(await calls()).toBe(1);
    await server.get("/api/genie/spaces");
    expect(await calls()).toBe(2);
  });
});

describe("a panic", () => {
  let server;
  beforeAll(async () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const out = fileURLToPath(new URL("../../target/public-with-faults", import.meta.url));
    execFileSync("scripts/build-worker.sh", ["public", out, "--features", "fault-injection"], {
      cwd: root,
      stdio: "inherit",
    });
    server = await worker(upstream, {}, { builds: { public: out } });
  }, 600_000);
  afterAll(() => server?.stop());

  test.each(["/fault_panic_now", "/fault_panic_later"])(
    "in %s is one failed request and no more",
    async (panic) => {
      await upstream.fault({ kind: "latency", ms: 300 });
      const others = Array.from({ length: 20 }, () =>
        server.get(path, { headers: { "cache-control": "no-cache" } }),
      );
      await until(async () => (await calls()) >= 1, "others are under way");
      const broken = await server.get(panic);
      expect(broken.status).toBe(500);
      expect(broken.headers["content-type"]).toBe("application/problem+json");
      expect(broken.json().code).toBe("internal");
      for (const answer of await Promise.all(others)) expect(answer.status).toBe(200);
      await upstream.calm();
      for (let n = 0; n < 5; n += 1) expect((await server.get(path)).status).toBe(200);
      const line = await until(
        () => server.lines().findLast((line) => line.event === "panic"),
        "the panic's log line",
      );
      expect(line.place).toMatch(/^worker\/src\/serve\.rs:\d+$/);
    },
  );
});
