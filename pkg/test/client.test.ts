import { afterEach, describe, expect, it, vi } from "vitest";
import { type ClientOptions, createClient, HandoffError } from "../dist/inline.js";
import { type Handler, json, serve } from "./server.js";

const ID = "01f0eca3dc1b1cbc9b65fa58f94c18ad";
const SPACE = {
  space_id: ID,
  id: ID,
  display_name: "Customer events",
  description: null,
  warehouse_id: "w1",
  table_identifiers: ["prod_catalog.raw.customer_events"],
  run_as_type: "VIEWER",
  new_key: { kept: true },
};

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

async function client(handler: Handler, options: ClientOptions = {}) {
  const { url, stop } = await serve(handler);
  running.push(stop);
  return createClient({ baseUrl: url, ...options });
}

/** A client whose server answers everything with this. */
function answering(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  options: ClientOptions = {},
) {
  return client((_, response) => json(response, status, body, headers), options);
}

async function failure(promise: Promise<unknown>): Promise<HandoffError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HandoffError);
  return error as HandoffError;
}

/** Everything of an error that could be shown, logged or sent. */
function everythingIn(error: unknown): string {
  const seen: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    seen.push(String(at), at.message, at.stack ?? "", JSON.stringify(at));
    seen.push(...Object.values(at).map((value) => JSON.stringify(value) ?? ""));
  }
  return seen.join("\n");
}

describe("requests", () => {
  it("asks for a space and gives it as it came", async () => {
    const asked: (string | undefined)[] = [];
    const api = await client(
      (request, response) => {
        asked.push(
          request.method,
          request.url,
          request.headers.authorization,
          request.headers["cache-control"],
        );
        json(response, 200, SPACE);
      },
      { token: "t0ken" },
    );
    expect(await api.getGenie(ID)).toEqual(SPACE);
    await api.getGenie(ID, { noCache: true });
    const path = `/api/genie/get?space_id=${ID}`;
    expect(asked).toEqual(["GET", path, "Bearer t0ken", undefined, "GET", path, "Bearer t0ken", "no-cache"]);
  });

  it("asks for lists, page by page", async () => {
    const asked: (string | undefined)[] = [];
    const api = await client((request, response) => {
      asked.push(request.url);
      json(response, 200, {
        spaces: [{ space_id: ID, display_name: "A" }],
        conversations: [],
        messages: [{ message_id: "m" }],
        next_page_token: asked.length === 1 ? "a b&c" : "",
      });
    });
    expect(await api.listSpaces({ pageSize: 2 })).toEqual({
      spaces: [{ space_id: ID, display_name: "A" }],
      next_page_token: "a b&c",
    });
    expect(await api.listSpaces({ pageToken: "a b&c" })).not.toHaveProperty("next_page_token");
    await api.listConversations(ID);
    expect((await api.listMessages(ID, "c1")).messages).toEqual([{ message_id: "m" }]);
    expect(asked).toEqual([
      "/api/genie/spaces?page_size=2",
      "/api/genie/spaces?page_token=a+b%26c",
      `/api/genie/spaces/${ID}/conversations`,
      `/api/genie/spaces/${ID}/conversations/c1/messages`,
    ]);
  });

  it("takes the token of the moment, and goes without when there is none", async () => {
    const seen: (string | undefined)[] = [];
    const tokens = ["one", "", undefined, Promise.resolve("two")];
    const api = await client(
      (request, response) => {
        seen.push(request.headers.authorization);
        json(response, 200, { status: "ok", databricks: "live" });
      },
      { token: () => tokens.shift() as string },
    );
    for (let i = 0; i < 4; i += 1) await api.health();
    expect(seen).toEqual(["Bearer one", undefined, undefined, "Bearer two"]);
  });

  it("works from the page's own origin and below a path", async () => {
    const asked: string[] = [];
    const fetch = vi.fn(async (url: string | URL | Request) => {
      asked.push(String(url));
      return Response.json({ status: "ok", databricks: "emulator", auth: "open" });
    });
    expect((await createClient({ fetch }).health()).auth).toBe("open");
    await createClient({ fetch, baseUrl: "https://h.test/prefix//" }).health({ deep: true });
    await createClient({ fetch, baseUrl: "/prefix/" }).health();
    expect(asked).toEqual(["/health", "https://h.test/prefix/health?deep=1", "/prefix/health"]);
  });

  it("makes no call for arguments that cannot be right", async () => {
    const fetch = vi.fn();
    const api = createClient({ fetch });
    for (const id of ["", "..", "a/b", "a?b", "a%2fb", "a b", `${ID}\n`, undefined, 7, null]) {
      const error = await failure(api.getGenie(id as string));
      expect([error.code, error.path]).toEqual(["invalid_argument", "spaceId"]);
    }
    expect((await failure(api.listMessages(ID, ".."))).path).toBe("conversationId");
    for (const pageSize of [0, -1, 101, 1.5, Number.NaN, "5"]) {
      expect((await failure(api.listSpaces({ pageSize: pageSize as number }))).path).toBe("pageSize");
    }
    for (const baseUrl of [
      "ftp://h.test",
      "https://h.test?x",
      "https://h.test#x",
      "h.test",
      "//h.test",
      "https://u:p@h.test",
      7,
    ]) {
      expect(() => createClient({ baseUrl: baseUrl as string })).toThrow(HandoffError);
    }
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe("answers that are errors", () => {
  it("gives every member of a problem", async () => {
    const api = await answering(
      429,
      {
        type: "about:blank",
        title: "Too many requests",
        status: 429,
        detail: "Databricks asks to wait.",
        code: "upstream_throttled",
        request_id: "req-1",
        retryable: true,
        retry_after: 7,
        help: "Wait.",
        path: "/space_id",
        issues: [{ severity: "warning", code: "c", path: "/a", message: "m", help: "h" }, "nonsense", null],
        checks: [
          {
            id: "a",
            what: "privilege",
            state: "missing",
            principal: { name: "jobs", role: "run_as" },
            privilege: "SELECT",
            securable: { kind: "table", name: "a.b.c" },
            message: "m",
            grant: "GRANT SELECT ON TABLE `a`.`b`.`c` TO `jobs`",
          },
          { id: "b", what: "identity", state: "granted, honest", principal: "x", message: 7 },
          "nonsense",
        ],
      },
      { "content-type": "application/problem+json", "retry-after": "99" },
    );
    const error = await failure(api.getGenie(ID));
    expect(error.toJSON()).toEqual({
      name: "HandoffError",
      code: "upstream_throttled",
      message: "Databricks asks to wait.",
      status: 429,
      requestId: "req-1",
      retryable: true,
      retryAfter: 7,
      help: "Wait.",
      path: "/space_id",
      issues: [{ severity: "warning", code: "c", path: "/a", message: "m", help: "h" }],
      checks: [
        {
          id: "a",
          what: "privilege",
          state: "missing",
          principal: { name: "jobs", role: "run_as" },
          privilege: "SELECT",
          securable: { kind: "table", name: "a.b.c" },
          message: "m",
          grant: "GRANT SELECT ON TABLE `a`.`b`.`c` TO `jobs`",
        },
        // What is not understood does not count as granted.
        { id: "b", what: "identity", state: "not_checked", principal: null, message: "" },
      ],
    });
    expect(HandoffError.is(error)).toBe(true);
    expect(HandoffError.is(new Error("no"))).toBe(false);
  });

  it.each([
    ["nothing", ""],
    ["a web page", "<!doctype html><title>502 Bad Gateway</title>"],
    ["cut JSON", '{"code":"upstream'],
    ["a list", "[]"],
    ["null", "null"],
    [
      "wrong types",
      {
        code: 7,
        title: {},
        detail: [],
        request_id: { a: 1 },
        retryable: "yes",
        retry_after: "soon",
        issues: {},
        checks: {},
      },
    ],
    ["hostile texts", { code: "a b\n<script>", title: "  ", request_id: "a\u0000b", retry_after: -1 }],
    ["own prototype", '{"__proto__":{"code":"polluted"},"constructor":{"code":"x"}}'],
  ])("survives %s as the body", async (_, body) => {
    const api = await answering(503, body, { "retry-after": "3", "x-request-id": "from-header" });
    const error = await failure(api.getGenie(ID));
    expect(error.toJSON()).toMatchObject({
      code: "http_error",
      message: "The server answered with status 503.",
      status: 503,
      retryable: true,
      retryAfter: 3,
      requestId: "from-header",
    });
    expect(error.help).toBeUndefined();
    expect(({} as Record<string, unknown>).code).toBeUndefined();
  });

  it("reads Retry-After as seconds or as a date, within reason", async () => {
    const waits = async (value: string) =>
      (await failure((await answering(503, "", { "retry-after": value })).health())).retryAfter;
    expect(await waits("12")).toBe(12);
    expect(await waits("999999999")).toBe(86_400);
    expect(await waits("-5")).toBeUndefined();
    expect(await waits("1e3")).toBeUndefined();
    expect(await waits("2099")).toBe(2099);
    expect(await waits("Thu, 01 Jan 1970 00:00:00 GMT")).toBe(0);
    const soon = await waits(new Date(Date.now() + 60_000).toUTCString());
    expect(soon).toBeGreaterThan(57);
    expect(soon).toBeLessThanOrEqual(61);
  });

  it("knows which statuses pass by themselves when nobody says", async () => {
    for (const [status, retryable] of [
      [400, false],
      [401, false],
      [404, false],
      [408, true],
      [429, true],
      [500, false],
      [502, true],
      [503, true],
      [504, true],
      [505, false],
      [522, true],
    ] as const) {
      expect((await failure((await answering(status, "")).health())).retryable, String(status)).toBe(
        retryable,
      );
    }
    expect((await failure((await answering(503, { retryable: false })).health())).retryable).toBe(false);
  });

  it("cuts endless texts and takes out what could disguise them", async () => {
    const api = await answering(500, { detail: `a\u202eb\u0007c${"x".repeat(5000)}` });
    const { message } = await failure(api.health());
    expect(message).toHaveLength(1000);
    expect(message.startsWith("a b cxx")).toBe(true);
  });

  it("stops reading an error page that does not end", async () => {
    let sent = 0;
    const api = await client((_, response) => {
      response.writeHead(500, { "content-type": "text/html" });
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(16_384))) sent += 16_384;
      };
      response.on("drain", more);
      more();
    });
    expect((await failure(api.health())).code).toBe("http_error");
    expect(sent).toBeLessThan(50 << 20);
  });
});

describe("answers that are not understood", () => {
  it.each([
    ["a web page", "<!doctype html>", "text/html; charset=utf-8", "text/html"],
    ["no type", "{}", "", "nothing named"],
    ["cut JSON", '{"space_id":', "application/json", "not valid JSON"],
    ["a list", "[]", "application/json", "not a JSON object"],
    ["another space", { ...SPACE, space_id: "0".repeat(32) }, "application/json", "another space"],
    ["no id", {}, "application/json", "another space"],
    ["a name that is a list", { ...SPACE, display_name: ["a"] }, "application/json", "display_name"],
    [
      "tables that are no texts",
      { ...SPACE, table_identifiers: [{ name: "t" }] },
      "application/json",
      "table_identifiers",
    ],
    [
      "tables that are a text",
      { ...SPACE, table_identifiers: "a.b.c" },
      "application/json",
      "table_identifiers",
    ],
  ])("refuses %s", async (_, body, type, words) => {
    const api = await answering(200, body, { "content-type": type });
    const error = await failure(api.getGenie(ID));
    expect(error.code).toBe("invalid_response");
    expect(error.message).toContain(words);
  });

  it("fills in what Databricks leaves out", async () => {
    const api = await answering(200, { space_id: ID, tables_unknown: true });
    expect(await api.getGenie(ID)).toEqual({
      space_id: ID,
      id: ID,
      display_name: null,
      description: null,
      warehouse_id: null,
      run_as_type: null,
      table_identifiers: [],
      tables_unknown: true,
    });
  });

  it("never takes a wrong list for an empty one", async () => {
    expect((await failure((await answering(200, { spaces: {} })).listSpaces())).code).toBe(
      "invalid_response",
    );
    expect((await failure((await answering(200, { spaces: [1] })).listSpaces())).code).toBe(
      "invalid_response",
    );
    expect(await (await answering(200, {})).listSpaces()).toEqual({ spaces: [] });
    expect((await failure((await answering(200, { status: "ok" })).health())).code).toBe("invalid_response");
  });

  it("refuses answers larger than any real one", async () => {
    const declared = await client((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": String(1 << 30) });
      response.write("{");
    });
    expect((await failure(declared.health())).code).toBe("response_too_large");
    const undeclared = await client((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`"${"x".repeat(9 << 20)}"`);
    });
    expect((await failure(undeclared.health())).code).toBe("response_too_large");
  });

  it("does not follow redirects", async () => {
    let calls = 0;
    const api = await client((_, response) => {
      calls += 1;
      response.writeHead(302, { location: "/login" }).end();
    });
    expect((await failure(api.health())).code).toBe("redirected");
    expect(calls).toBe(1);
    // What a browser gives for it.
    const opaque = { type: "opaqueredirect", status: 0, headers: new Headers(), body: null } as Response;
    const error = await failure(createClient({ fetch: async () => opaque }).health());
    expect([error.code, error.status]).toEqual(["redirected", undefined]);
  });
});

describe("no answer", () => {
  it("says that nobody is there", async () => {
    const { url, stop } = await serve(() => {});
    await stop();
    const error = await failure(createClient({ baseUrl: url }).health());
    expect([error.code, error.retryable, error.status]).toEqual(["network_error", true, undefined]);
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it("says that the connection broke, before and inside the answer", async () => {
    const before = await client((request) => request.socket.destroy());
    expect((await failure(before.health())).code).toBe("network_error");
    const inside = await client((_, response) => {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": "100",
        "x-request-id": "r",
      });
      response.write('{"status":');
      setImmediate(() => response.destroy());
    });
    const error = await failure(inside.health());
    expect([error.code, error.status, error.requestId, error.retryable]).toEqual([
      "network_error",
      200,
      "r",
      true,
    ]);
  });

  it("gives up at the deadline: before the answer, inside it, and while the token is fetched", async () => {
    const silent = await client(() => {}, { timeoutMs: 40 });
    const error = await failure(silent.health());
    expect([error.code, error.retryable]).toEqual(["timeout", true]);
    const stuck = await client(
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write("{");
      },
      { timeoutMs: 40 },
    );
    expect((await failure(stuck.health())).code).toBe("timeout");
    const fetch = vi.fn();
    const tokenless = createClient({ fetch, timeoutMs: 40, token: () => new Promise(() => {}) });
    expect((await failure(tokenless.health())).code).toBe("timeout");
    expect(fetch).not.toHaveBeenCalled();
  });

  it("ends the call on the wire when it is aborted", async () => {
    const gone = new Promise<void>((resolve) => {
      void client((request) => {
        request.socket.once("close", () => resolve());
        stop.abort(new Error("the block went away"));
      }).then(async (api) => {
        const error = await failure(api.getGenie(ID, { signal: stop.signal }));
        expect([error.code, error.retryable]).toEqual(["aborted", false]);
        expect((error.cause as Error).message).toBe("the block went away");
      });
    });
    const stop = new AbortController();
    await gone;
  });

  it("ends at once even if fetch does not listen", async () => {
    const stop = new AbortController();
    const call = createClient({ fetch: () => new Promise(() => {}) }).health({ signal: stop.signal });
    stop.abort();
    expect((await failure(call)).code).toBe("aborted");
  });

  it("makes no call when it is stopped in the same turn", async () => {
    const fetch = vi.fn(async () => Response.json({}));
    const stop = new AbortController();
    const call = createClient({ fetch }).health({ signal: stop.signal });
    stop.abort();
    expect((await failure(call)).code).toBe("aborted");
    expect((await failure(createClient({ fetch }).health({ signal: stop.signal }))).code).toBe("aborted");
    expect(fetch).not.toHaveBeenCalled();
  });

  it("leaves no listener on a signal that lives on", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const api = createClient({ fetch: async () => Response.json({ status: "ok", databricks: "live" }) });
    await api.health({ signal });
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed).toHaveBeenCalledTimes(1);
  });
});

describe("the token stays secret", () => {
  const token = "dapi-0123456789abcdef";

  it("also when the server sends it back", async () => {
    const echo = {
      code: token,
      detail: `bad ${token}`,
      title: token,
      request_id: token,
      help: token,
      path: token,
    };
    const issue = { code: token, path: token, message: token, help: token };
    const answers: [number, unknown, Record<string, string>][] = [
      [401, { ...echo, issues: [issue] }, {}],
      [401, "", { "x-request-id": token }],
      [200, "x", { "content-type": token }],
      [200, `not json ${token}`, {}],
    ];
    for (const [status, body, headers] of answers) {
      const error = await failure((await answering(status, body, headers, { token })).getGenie(ID));
      expect(everythingIn(error)).not.toContain(token);
    }
  });

  it("also when a text is cut in the middle of it", async () => {
    const detail = `${"x".repeat(990)}${token}`;
    const error = await failure((await answering(401, { detail }, {}, { token })).health());
    expect(everythingIn(error)).not.toContain(token.slice(0, 8));
  });

  it("also when fetch quotes it", async () => {
    const fetch = async () => {
      throw new TypeError(`Bearer ${token} is an invalid header value`, { cause: new Error(token) });
    };
    const error = await failure(createClient({ fetch, token }).health());
    expect(error.code).toBe("network_error");
    expect(everythingIn(error)).not.toContain(token);
    // An innocent cause stays, however long its stack.
    const cause = new TypeError("Failed to fetch");
    cause.stack = "at somewhere\n".repeat(500);
    const fail = () => Promise.reject(cause);
    expect((await failure(createClient({ fetch: fail, token }).health())).cause).toBe(cause);
  });

  it("also when it cannot be a header at all", async () => {
    for (const bad of [`${token}\n`, ` ${token}`, `${token}é`, `${token} x`]) {
      const error = await failure(createClient({ token: bad }).health());
      expect([error.code, error.path]).toEqual(["invalid_argument", "token"]);
      expect(everythingIn(error)).not.toContain(token);
    }
  });

  it("says when the function that gives it failed", async () => {
    const cause = new Error("signed out");
    const error = await failure(
      createClient({
        token: () => {
          throw cause;
        },
      }).health(),
    );
    expect([error.code, error.cause]).toEqual(["token_unavailable", cause]);
  });
});

describe("any route", () => {
  it("sends method, query, body and conditions, and gives status, ETag and body", async () => {
    const seen: unknown[] = [];
    const api = await client((request, response) => {
      let text = "";
      request.on("data", (part) => {
        text += part;
      });
      request.on("end", () => {
        const { method, url, headers } = request;
        seen.push([
          method,
          url,
          headers["if-match"],
          headers["idempotency-key"],
          headers["content-type"],
          text,
        ]);
        if (method === "DELETE") response.writeHead(204).end();
        else json(response, 200, ["a list"], { etag: '"h1"' });
      });
    });
    const path = "/api/plans/6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10";
    expect(
      await api.request({ method: "PUT", path, body: { plan: {} }, ifMatch: '"h0"', idempotencyKey: "k 1" }),
    ).toEqual({ status: 200, etag: '"h1"', body: ["a list"] });
    expect(
      await api.request({ path: "/api/plans", query: { q: "a&b", state: undefined, page_size: 5 } }),
    ).toMatchObject({ status: 200 });
    expect(await api.request({ method: "DELETE", path })).toMatchObject({ status: 204, body: undefined });
    expect(seen).toEqual([
      ["PUT", path, '"h0"', "k 1", "application/json", '{"plan":{}}'],
      ["GET", "/api/plans?q=a%26b&page_size=5", undefined, undefined, undefined, ""],
      ["DELETE", path, undefined, undefined, undefined, ""],
    ]);
  });

  it.each([
    "",
    "api",
    "//evil.example",
    "/api/../x",
    "/api/%2e%2E/x",
    "/api/plans?x=1",
    "/a b",
    "/@x",
    "/a\\b",
  ])("%j is no path", async (path) => {
    const api = createClient({ baseUrl: "http://127.0.0.1:9" });
    expect(await failure(api.request({ path }))).toMatchObject({ code: "invalid_argument", path: "path" });
  });

  it("a header takes no line break", async () => {
    const api = createClient({ baseUrl: "http://127.0.0.1:9" });
    const wrong = { path: "/api/plans", idempotencyKey: "a\r\nb: c" };
    expect(await failure(api.request(wrong))).toMatchObject({
      code: "invalid_argument",
      path: "idempotencyKey",
    });
  });
});
