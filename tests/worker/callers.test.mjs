// Who may call: tokens, Cloudflare Access, open mode.

import { createHash, createSign, generateKeyPairSync } from "node:crypto";
import http from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, SPACE, worker } from "./harness.mjs";

const hash = (token) => createHash("sha256").update(token).digest("hex");
const path = `/api/genie/get?space_id=${SPACE}`;
let upstream;

beforeAll(async () => {
  upstream = await emulator();
});
afterAll(() => upstream?.stop());
beforeEach(() => upstream.forget());

describe("tokens", () => {
  let server;
  beforeAll(async () => {
    const tokens = `canvas:${hash("alpha-token")},canvas:${hash("beta-token")},ops:${hash("gamma")}`;
    server = await worker(upstream, { API_TOKENS: tokens });
  });
  afterAll(() => server?.stop());

  test("open mode is off", async () => {
    expect((await server.get("/health")).json().auth).toBe("required");
    const answer = await server.get(path);
    expectProblem(answer, 401, "credential_missing");
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
  });

  test("either of two tokens serves while one is rotated", async () => {
    for (const token of ["alpha-token", "beta-token"]) {
      const answer = await server.get(path, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);
      expect((await server.lineOf(answer)).caller).toBe("canvas");
    }
    expectNoSecret(server.logs());
  });

  test.each(["alpha-token2", "alpha-toke", "ALPHA-TOKEN", hash("alpha-token"), "x".repeat(8000)])(
    "%s is not a token",
    async (token) => {
      expectProblem(
        await server.get(path, { headers: { authorization: `Bearer ${token}` } }),
        401,
        "credential_invalid",
      );
      expect(await upstream.requests()).toEqual([]);
    },
  );

  test("other schemes are not accepted", async () => {
    const headers = { authorization: `Basic ${Buffer.from("canvas:alpha-token").toString("base64")}` };
    expectProblem(await server.get(path, { headers }), 401, "credential_invalid");
  });

  test("who calls is asked before what is asked", async () => {
    expectProblem(await server.get("/api/genie/get?space_id=nonsense"), 401, "credential_missing");
    expectProblem(await server.get("/health?deep=1"), 401, "credential_missing");
  });

  test("answers are kept for one caller only", async () => {
    await upstream.forget();
    await server.get(path, { headers: { authorization: "Bearer gamma", "cache-control": "no-cache" } });
    await server.get(path, { headers: { authorization: "Bearer gamma" } });
    expect((await upstream.requests()).length).toBe(1);
    await upstream.forget();
    await server.get(path, { headers: { authorization: "Bearer alpha-token", "cache-control": "no-cache" } });
    expect((await upstream.requests()).length).toBe(1);
  });
});

describe("open mode", () => {
  let server;
  beforeAll(async () => {
    server = await worker(upstream);
  });
  afterAll(() => server?.stop());

  test("is for calls to a loopback name only, so a rebound name gets nothing", async () => {
    const port = new URL(server.url).port;
    for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`]) {
      const answer = await server.get(path, { headers: { host } });
      expectProblem(answer, 401, "credential_missing");
    }
    expect(await upstream.requests()).toEqual([]);
    expect((await server.get(path, { headers: { host: `localhost:${port}` } })).status).toBe(200);
  });
});

describe("Cloudflare Access", () => {
  const key = (kid) => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return {
      kid,
      privateKey,
      jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" },
    };
  };
  const first = key("first");
  const second = key("second");
  const audience = "aud-tag";
  let issuer;
  let published;
  let fetched;
  let server;

  const token = ({ by = first, kid = by.kid, alg = "RS256", ...claims } = {}) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const body = {
      aud: [audience],
      iss: issuer,
      iat: now,
      nbf: now,
      exp: now + 600,
      sub: "person-1",
      ...claims,
    };
    const signed = `${part({ alg, kid, typ: "JWT" })}.${part(body)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(by.privateKey).toString("base64url")}`;
  };
  const get = (jwt, at = path) => server.get(at, { headers: { "cf-access-jwt-assertion": jwt } });

  let keys;
  beforeAll(async () => {
    keys = http.createServer((request, response) => {
      fetched += 1;
      response.writeHead(request.url === "/cdn-cgi/access/certs" ? 200 : 404, {
        "content-type": "application/json",
      });
      response.end(JSON.stringify({ keys: published }));
    });
    await new Promise((resolve) => keys.listen(0, "127.0.0.1", resolve));
    issuer = `http://127.0.0.1:${keys.address().port}`;
  });
  afterAll(() => new Promise((resolve) => keys.close(resolve)));
  beforeEach(async () => {
    published = [first.jwk];
    fetched = 0;
    server = await worker(upstream, { ACCESS_TEAM_DOMAIN: issuer, ACCESS_AUD: audience });
    return () => server.stop();
  });

  test("names the person, fetches the keys once and remembers who was verified", async () => {
    const jwt = token();
    for (let n = 0; n < 3; n += 1) {
      const answer = await get(jwt);
      expect(answer.status).toBe(200);
      expect((await server.lineOf(answer)).caller).toBe("access:person-1");
    }
    const other = await get(token({ sub: "person-2" }));
    expect((await server.lineOf(other)).caller).toBe("access:person-2");
    expect(fetched).toBe(1);
    expect(server.logs()).not.toContain(jwt.split(".")[2]);
  });

  test.each([
    ["another application", { aud: ["other"] }],
    ["another team", { iss: "https://evil.cloudflareaccess.com" }],
    ["the past", { exp: 1000 }],
    ["the future", { nbf: 9e9 }],
    ["nobody", { sub: "" }],
    ["no algorithm", { alg: "none" }],
    ["a symmetric algorithm", { alg: "HS256" }],
    ["another key under a known id", { by: second, kid: "first" }],
  ])("refuses a token for %s", async (_what, claims) => {
    expectProblem(await get(token(claims)), 401, "credential_invalid");
    expect(await upstream.requests()).toEqual([]);
  });

  test("refuses a changed token, and one that is none", async () => {
    const [head, body, signature] = token().split(".");
    const other = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body, "base64url")), sub: "root" }),
    ).toString("base64url");
    for (const jwt of [`${head}.${other}.${signature}`, `${head}.${body}.`, "x", "a.b.c"])
      expectProblem(await get(jwt), 401, "credential_invalid");
    expectProblem(await server.get(path), 401, "credential_missing");
  });

  test("invented key ids do not become a flood", async () => {
    expect((await get(token())).status).toBe(200);
    for (let n = 0; n < 5; n += 1)
      expectProblem(await get(token({ kid: `made-up-${n}` })), 401, "credential_invalid");
    expect(fetched).toBeLessThanOrEqual(2);
  });

  test("keys that cannot be fetched are not the caller's fault", async () => {
    published = [];
    expectProblem(await get(token()), 503, "upstream_unreachable");
  });
});

describe("settings that cannot work", () => {
  test("are named without their values, and health does not call itself well", async () => {
    const server = await worker(upstream, {
      DATABRICKS_TOKEN: "alpha-token",
      DATABRICKS_CLIENT_ID: "id",
      DATABRICKS_CLIENT_SECRET: "beta-token",
      API_TOKENS: "nonsense",
    });
    try {
      for (const at of ["/health", path]) {
        const problem = expectProblem(await server.get(at), 500, "not_configured");
        expect(problem.detail).toMatch("DATABRICKS_TOKEN");
        expect(problem.detail).toMatch("API_TOKENS");
      }
      expectNoSecret(server.logs());
    } finally {
      await server.stop();
    }
  });
});
