// Signing in with Databricks: the way there and back, what the cookie is worth, whose token is used, and signing out.

import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, HIDDEN, NOBODY, SPACE, until, worker } from "./harness.mjs";
import { agree, begin, cookiesOf, header, signIn } from "./people.mjs";

const KEY = Buffer.alloc(32, 7).toString("base64");
const OTHER_KEY = Buffer.alloc(32, 8).toString("base64");
const setUp = {
  OAUTH_CLIENT_ID: "emulator-client",
  OAUTH_CLIENT_SECRET: "emulator-secret",
  SESSION_KEY: KEY,
  CALLER_ROLES: "databricks:grace.hopper@example.com:author|deployer",
};
const path = `/api/genie/get?space_id=${SPACE}`;
const fresh = { "cache-control": "no-cache" };
let upstream;

beforeAll(async () => {
  upstream = await emulator();
});
afterAll(() => upstream?.stop());
beforeEach(() => upstream.forget());
afterEach(async () => {
  await upstream.calm();
  await upstream.control("POST", "/tokens/ttl", { seconds: 3600 });
});

const sessions = async (server) =>
  (await server.databases.DB.prepare("SELECT * FROM sessions").all()).results;

describe("with Databricks", () => {
  let server;
  beforeAll(async () => {
    server = await worker(upstream, setUp);
  });
  afterAll(async () => {
    if (server) expectNoSecret(server.logs());
    await server?.stop();
  });

  test("is on, and open mode is off", async () => {
    expect((await server.get("/health")).json()).toMatchObject({ auth: "required", sign_in: true });
    const problem = expectProblem(await server.get(path), 401, "credential_missing");
    expect(problem.detail).toContain("/auth/login");
  });

  test("asks for a code with PKCE, and keeps what it needs where nobody can read it", async () => {
    const { page, cookies, answer } = await begin(server, "?return_to=%2Fplans%3Fq%3Da");
    expect(page.origin + page.pathname).toBe(`${upstream.url}/oidc/v1/authorize`);
    expect(Object.fromEntries(page.searchParams)).toMatchObject({
      response_type: "code",
      client_id: "emulator-client",
      redirect_uri: `${server.url}/auth/callback`,
      scope: "all-apis offline_access",
      code_challenge_method: "S256",
    });
    expect(page.searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    expect(page.searchParams.get("code_challenge")).toMatch(/^[\w-]{43}$/);
    expect(answer.headers["set-cookie"][0]).toMatch(/; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    expect(cookies.genie_handoff_login).not.toContain(page.searchParams.get("state"));
    expect((await begin(server)).page.searchParams.get("state")).not.toBe(page.searchParams.get("state"));
  });

  test("leads to a session, and says who one is", async () => {
    const { cookie, answer } = await signIn(server, { query: "?return_to=/plans" });
    expect(answer.headers.location).toBe("/plans");
    expect(answer.headers["set-cookie"].join("\n")).toMatch(
      /genie_handoff_session=[\w.-]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax\n.*genie_handoff_login=; .*Max-Age=0/,
    );
    expectNoSecret(answer);
    const me = (await server.get("/api/me", { headers: { cookie } })).json();
    expect(me).toMatchObject({
      caller: "databricks:grace.hopper@example.com",
      name: "Grace Hopper",
      kind: "databricks",
      roles: ["viewer", "author", "deployer"],
      sign_in: { available: true },
    });
    expect(Date.parse(me.expires_at)).toBeGreaterThan(Date.now() + 11 * 3_600_000);
    expect(me.run_as).toBeTruthy();
  });

  test("reads happen as the person", async () => {
    const grace = await signIn(server);
    const vera = await signIn(server, { hint: "vera.viewer@example.com" });
    await upstream.forget();
    expect((await server.get(path, { headers: { ...fresh, cookie: grace.cookie } })).status).toBe(200);
    // What was told to Grace a moment ago is in memory, and is not told to Vera.
    expect((await server.get(path, { headers: { cookie: vera.cookie } })).status).toBe(200);
    const principals = (await upstream.requests()).map((request) => request.caller);
    expect(principals).toEqual(["grace.hopper@example.com", "vera.viewer@example.com"]);
  });

  test("roles are those of the person", async () => {
    const vera = await signIn(server, { hint: "vera.viewer@example.com" });
    const roles = (await server.get("/api/me", { headers: { cookie: vera.cookie } })).json().roles;
    expect(roles).toEqual(["viewer"]);
  });

  test("the table of sessions opens nothing", async () => {
    const { cookie } = await signIn(server);
    const rows = await sessions(server);
    expect(rows.length).toBeGreaterThan(0);
    const text = JSON.stringify(rows);
    expect(text).not.toMatch(/eyJ|refresh-|access/);
    expect(text).not.toContain(cookie.split("=")[1]);
    // A row's key in place of an id is no cookie.
    const forged = { headers: { cookie: `genie_handoff_session=${rows[0].session}` } };
    expectProblem(await server.get("/api/me", forged), 401, "session_ended");
  });

  test.each([
    ["another value", (cookie) => `${cookie.slice(0, -3)}AAA`],
    ["no key id", (cookie) => cookie.replace(".", "")],
    ["the login cookie", (_, login) => `genie_handoff_session=${login}`],
    ["twice", (cookie) => `${cookie}; ${cookie}`],
    ["far too long", () => `genie_handoff_session=${"a".repeat(20_000)}`],
  ])("a cookie that was made up is none: %s", async (name, make) => {
    const { cookie } = await signIn(server);
    const { cookies } = await begin(server);
    const answer = await server.get(path, {
      headers: { cookie: make(cookie, cookies.genie_handoff_login) },
    });
    if (name === "twice") expectProblem(answer, 401, "credential_missing");
    else {
      expectProblem(answer, 401, "session_ended");
      expect(cookiesOf(answer)).toEqual({ genie_handoff_session: "" });
    }
  });

  test("an ended token is refreshed once, whoever asks at the same time", async () => {
    await upstream.control("POST", "/tokens/ttl", { seconds: 1 });
    const { cookie } = await signIn(server);
    const [before] = (await sessions(server)).slice(-1);
    await upstream.control("POST", "/tokens/ttl", { seconds: 3600 });
    // However short its life, a token serves for a second.
    const ended = Date.now() + 1000;
    await until(() => Date.now() > ended, "the token has ended");
    await upstream.forget();
    const answers = await Promise.all(
      ["spaces", `spaces/${SPACE}/conversations`, `get?space_id=${SPACE}`, `get?space_id=${NOBODY}`].map(
        (what) => server.get(`/api/genie/${what}`, { headers: { ...fresh, cookie } }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 404]);
    const tokens = (await upstream.requests({ tokens: true })).filter((request) =>
      request.path.startsWith("/oidc/"),
    );
    expect(tokens.length).toBe(1);
    const after = (await sessions(server)).find((row) => row.session === before.session);
    expect(after.generation).toBe(1);
    expect(after.tokens).not.toBe(before.tokens);
  });

  test("a token that Databricks refuses is refreshed once; when that is refused too, the session is over", async () => {
    const { cookie } = await signIn(server);
    await upstream.fault({ kind: "status", status: 401 }, { times: 1 });
    expect((await server.get(path, { headers: { ...fresh, cookie } })).status).toBe(200);
    await upstream.control("POST", "/tokens/revoke", { which: "o_auth" });
    await upstream.forget();
    expectProblem(await server.get(path, { headers: { ...fresh, cookie } }), 401, "session_ended");
    expect((await upstream.requests({ tokens: true })).length).toBe(2);
    expectProblem(await server.get(path, { headers: { ...fresh, cookie } }), 401, "session_ended");
  });

  test("a person without the right is told so, and not that the server lacks it", async () => {
    const { cookie } = await signIn(server);
    await upstream.fault({ kind: "status", status: 403 });
    expectProblem(await server.get("/api/genie/spaces", { headers: { cookie } }), 403, "databricks_denied");
    expectProblem(
      await server.get(`/api/genie/get?space_id=${HIDDEN}`, { headers: { cookie } }),
      404,
      "space_not_found",
    );
  });

  test("signing out deletes the tokens and is for pages of this server", async () => {
    const { cookie } = await signIn(server);
    const count = (await sessions(server)).length;
    const post = (headers) => server.get("/auth/logout", { method: "POST", headers });
    expectProblem(await post({ cookie }), 403, "csrf");
    expectProblem(await post({ cookie, origin: "https://evil.example" }), 403, "csrf");
    expect((await server.get("/api/me", { headers: { cookie } })).status).toBe(200);
    const answer = await post({ cookie, origin: server.url });
    expect(answer.status).toBe(204);
    expect(cookiesOf(answer)).toEqual({ genie_handoff_session: "" });
    expectProblem(await server.get("/api/me", { headers: { cookie } }), 401, "session_ended");
    expect((await sessions(server)).length).toBe(count - 1);
    expect((await post({ cookie, origin: server.url })).status, "twice is as good as once").toBe(204);
    expect((await post({})).status, "nobody is signed out already").toBe(204);
  });

  test("a write with a cookie comes from a page of this server", async () => {
    const { cookie } = await signIn(server);
    const write = (headers) =>
      server.get("/api/plans", {
        method: "POST",
        headers: { cookie, "content-type": "application/json", ...headers },
        body: "{}",
      });
    expectProblem(await write({}), 403, "csrf");
    expectProblem(await write({ origin: "null" }), 403, "csrf");
    expectProblem(await write({ origin: `${server.url}.evil.example` }), 403, "csrf");
    expect((await write({ origin: server.url })).json().code).not.toBe("csrf");
  });

  test("sign-in and sign-out are in the audit", async () => {
    const { results } = await server.databases.DB.prepare(
      "SELECT DISTINCT action, caller FROM audit ORDER BY action",
    ).all();
    expect(results).toEqual(
      expect.arrayContaining([
        { action: "session.begin", caller: "databricks:grace.hopper@example.com" },
        { action: "session.end", caller: "databricks:grace.hopper@example.com" },
      ]),
    );
  });
});

describe("what can go wrong on the way", () => {
  let server;
  beforeAll(async () => {
    server = await worker(upstream, setUp);
  });
  afterAll(() => server?.stop());

  test.each(["https://evil.example", "//evil.example", "/%5Cevil", "/a%23b", "/api/me", "/auth/login"])(
    "return_to=%s is refused",
    async (to) => expectProblem(await server.get(`/auth/login?return_to=${to}`), 400, "return_refused"),
  );

  test("a code without the browser that asked for it", async () => {
    const { page } = await begin(server);
    const back = await agree(page);
    expectProblem(await server.get(back), 400, "sign_in_stale");
  });

  test("a code of another sign-in", async () => {
    const mine = await begin(server);
    const theirs = await begin(server);
    const back = await agree(theirs.page);
    const headers = { cookie: header(mine.cookies) };
    expectProblem(await server.get(back, { headers }), 400, "sign_in_stale");
  });

  test("a code that was used", async () => {
    const { page, cookies } = await begin(server);
    const back = await agree(page);
    const headers = { cookie: header(cookies) };
    expect((await server.get(back, { headers })).status).toBe(302);
    expectProblem(await server.get(back, { headers }), 403, "sign_in_refused");
  });

  test("a person who says no, or who is nobody", async () => {
    const { page, cookies } = await begin(server);
    const back = await agree(page, "nobody@example.com");
    expectProblem(await server.get(back, { headers: { cookie: header(cookies) } }), 403, "sign_in_refused");
    expectProblem(await server.get("/auth/callback"), 400, "sign_in_stale");
  });

  test("a workspace that does not answer", async () => {
    const { page, cookies } = await begin(server);
    const back = await agree(page);
    await upstream.fault({ kind: "status", status: 500 }, { prefix: "/oidc/v1/token" });
    expectProblem(await server.get(back, { headers: { cookie: header(cookies) } }), 502, "upstream_failed");
  });

  test("only GET", async () => {
    expectProblem(await server.get("/auth/login", { method: "POST" }), 405, "method_unknown");
    expectProblem(
      await server.get("/auth/callback", { method: "HEAD" }).then(withBody),
      405,
      "method_unknown",
    );
    expectProblem(await server.get("/auth/logout"), 405, "method_unknown");
  });
});

/** A `HEAD` answer has no body; its headers say the rest. */
function withBody(answer) {
  const problem = {
    type: "urn:genie-handoff:problem:method_unknown",
    title: "x",
    detail: "x",
    status: answer.status,
    code: "method_unknown",
    retryable: false,
    request_id: answer.headers["x-request-id"],
  };
  return { ...answer, text: JSON.stringify(problem), json: () => problem };
}

describe("beside the other ways", () => {
  const hash = (token) => createHash("sha256").update(token).digest("hex");

  test("not set up, it says how", async () => {
    const server = await worker(upstream);
    try {
      for (const route of ["/auth/login", "/auth/callback?code=a&state=b"]) {
        expect(expectProblem(await server.get(route), 404, "sign_in_off").detail).toContain(
          "OAUTH_CLIENT_ID",
        );
      }
      const me = (await server.get("/api/me")).json();
      expect(me).toMatchObject({
        caller: "open",
        kind: "open",
        sign_in: { available: false },
        expires_at: null,
      });
      expect(me.roles).toEqual(["viewer", "author", "deployer"]);
      expect((await server.get("/auth/logout", { method: "POST" })).status).toBe(204);
    } finally {
      await server.stop();
    }
  });

  test("half set up is refused as a whole", async () => {
    const server = await worker(upstream, { OAUTH_CLIENT_ID: "x" });
    try {
      expect(expectProblem(await server.get("/health"), 500, "not_configured").detail).toContain(
        "SESSION_KEY",
      );
    } finally {
      await server.stop();
    }
  });

  test("a token wins over a cookie, and needs no Origin", async () => {
    const server = await worker(upstream, { ...setUp, API_TOKENS: `canvas:${hash("alpha-token")}` });
    try {
      const { cookie } = await signIn(server);
      const authorization = "Bearer alpha-token";
      const me = (headers) => server.get("/api/me", { headers });
      expect((await me({ cookie, authorization })).json()).toMatchObject({
        caller: "canvas",
        kind: "token",
        roles: ["viewer"],
      });
      expectProblem(await me({ cookie, authorization: "Bearer wrong" }), 401, "credential_invalid");
      expect((await me({ cookie })).json().kind).toBe("databricks");
      const write = await server.get("/api/plans", {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: "{}",
      });
      expectProblem(write, 403, "role_missing");
    } finally {
      await server.stop();
    }
  });

  test("sessions outlive a change of the key, once", async () => {
    const database = await mkdtemp(`${tmpdir()}/genie-handoff-test-`);
    let cookie;
    const during = async (keys, run) => {
      const server = await worker(upstream, { ...setUp, ...keys }, { persist: database });
      try {
        await run(server);
      } finally {
        await server.stop();
      }
    };
    try {
      await during({}, async (server) => {
        ({ cookie } = await signIn(server));
      });
      await during({ SESSION_KEY: OTHER_KEY, SESSION_KEY_PREVIOUS: KEY }, async (server) => {
        expect((await server.get(path, { headers: { cookie } })).status).toBe(200);
      });
      await during({ SESSION_KEY: OTHER_KEY }, async (server) => {
        expectProblem(await server.get(path, { headers: { cookie } }), 401, "session_ended");
      });
    } finally {
      await rm(database, { recursive: true, force: true });
    }
  });
});
