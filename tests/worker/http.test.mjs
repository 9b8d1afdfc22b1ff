// What every answer has in common: headers, problems, CORS, health, files.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, SPACE, worker } from "./harness.mjs";

let upstream;
let server;
const FRIEND = "https://canvas.example";

beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream, { ALLOWED_ORIGINS: `${FRIEND}, https://other.example` });
});
afterAll(async () => {
  await server?.stop();
  await upstream?.stop();
});

describe("health", () => {
  test("says what is behind it and nothing else", async () => {
    const answer = await server.get("/health");
    expect(answer.json()).toEqual({ status: "ok", databricks: "emulator", auth: "open", sign_in: false });
  });

  test("asks Databricks and the database when told to", async () => {
    const { upstream: reached, database, host, status } = (await server.get("/health?deep=1")).json();
    expect({ reachable: reached.reachable, database, host, status }).toEqual({
      reachable: true,
      database: "ok",
      host: upstream.url,
      status: "ok",
    });
  });
});

describe("every answer", () => {
  test.each(["/health", `/api/genie/get?space_id=${SPACE}`, "/api/nope", "/openapi.json", "/api/genie/get"])(
    "%s carries the security headers and an id of its own",
    async (path) => {
      const [one, two] = [await server.get(path), await server.get(path)];
      expect(one.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        vary: "Origin",
      });
      expect(one.headers["strict-transport-security"]).toMatch(/max-age/);
      expect(one.headers["x-request-id"]).toMatch(/^[0-9a-f]{16}-[0-9a-f]{6,}$/);
      expect(one.headers["x-request-id"]).not.toBe(two.headers["x-request-id"]);
      for (const name of ["set-cookie", "server", "x-databricks-request-id", "x-databricks-org-id"])
        expect(one.headers).not.toHaveProperty(name);
    },
  );

  test.each([
    ["GET", "/api/nope", 404, "route_unknown"],
    ["GET", "/api/genie/get/", 404, "route_unknown"],
    ["GET", "/no-such-page", 404, "route_unknown"],
    ["DELETE", "/api/genie/get", 405, "method_unknown"],
    ["PUT", "/health", 405, "method_unknown"],
    ["POST", "/api/genie/spaces", 405, "method_unknown"],
    ["POST", "/", 405, "method_unknown"],
  ])("%s %s is %i %s", async (method, path, status, code) => {
    const answer = await server.get(path, { method });
    expectProblem(answer, status, code);
    if (status === 405) expect(answer.headers.allow).toMatch(/GET/);
  });

  test("is logged as one JSON line without query or body", async () => {
    const answer = await server.get(`/api/genie/get?space_id=${SPACE}&note=private-note`);
    expect(await server.lineOf(answer)).toMatchObject({
      event: "request",
      method: "GET",
      route: "/api/genie/get",
      status: 200,
      caller: "open",
    });
    expect(server.logs()).not.toContain("private-note");
  });
});

describe("other sites", () => {
  test("on the list may read answers, errors too", async () => {
    for (const path of ["/health", "/api/genie/get", "/api/nope"]) {
      const answer = await server.get(path, { headers: { origin: FRIEND } });
      expect(answer.headers["access-control-allow-origin"], path).toBe(FRIEND);
      expect(answer.headers["access-control-expose-headers"]).toMatch("x-request-id");
    }
  });

  test("get their preflight without a credential", async () => {
    const answer = await server.get("/api/genie/get", {
      method: "OPTIONS",
      headers: { origin: FRIEND, "access-control-request-method": "POST" },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": FRIEND,
      "access-control-max-age": "600",
    });
    expect(answer.headers["access-control-allow-headers"]).toMatch("authorization");
  });

  test.each(["https://evil.example", "https://canvas.example.evil.example", "http://canvas.example", "null"])(
    "such as %s are refused in open mode and may read nothing",
    async (origin) => {
      const answer = await server.get(`/api/genie/get?space_id=${SPACE}`, { headers: { origin } });
      expectProblem(answer, 403, "origin_refused");
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    },
  );

  test("the server's own page is no other site", async () => {
    const answer = await server.get(`/api/genie/get?space_id=${SPACE}`, { headers: { origin: server.url } });
    expect(answer.status).toBe(200);
  });
});

describe("files", () => {
  test("the page comes with a policy that allows its own scripts and WebAssembly only", async () => {
    const answer = await server.get("/");
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toMatch("text/html");
    const policy = answer.headers["content-security-policy"];
    expect(policy).toMatch("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*/);
    expect(answer.headers["cache-control"]).toBe("no-cache");
    const asset = /\/assets\/[^"]+\.js/.exec(answer.text)[0];
    const script = await server.get(asset);
    expect([script.status, script.headers["cache-control"]]).toEqual([
      200,
      "public, max-age=31536000, immutable",
    ]);
    expect(script.headers["x-request-id"]).toBeTruthy();
  });

  test("the interface describes itself, as in the repository", async () => {
    const answer = await server.get("/openapi.json");
    const file = new URL("../../worker/openapi.json", import.meta.url);
    expect(answer.json()).toEqual(JSON.parse(readFileSync(file, "utf8")));
    expectNoSecret(answer);
  });
});
