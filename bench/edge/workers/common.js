// The Hono worker tuned by hand: checks of the request, the call upstream, and the shape of answers, without middleware.
// It does what our worker does for the same request; the README of this folder lists what it leaves out.

import { Hono } from "hono";

export const SPACE_ID = /^[0-9a-f]{32}$/;
export const ROUTE = "/api/genie/get";

/** The same headers as our worker's answers, which are the same for every answer. */
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  vary: "Origin",
  "cache-control": "private, no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** A failure that becomes a problem document. */
export class Problem extends Error {
  constructor(status, code, title, detail) {
    super(detail);
    Object.assign(this, { status, code, title });
  }
}

/** `name:sha256hex,...` as a list of names and digests, read once per isolate. */
let callers;

function readCallers(list) {
  return list.split(",").map((entry) => {
    const [name, hex] = entry.trim().split(":");
    return { name, digest: Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16)) };
  });
}

/** Who calls, by a bearer token that is kept as a hash and compared in constant time. */
async function caller(c) {
  if (c.env.API_TOKENS === undefined) return "open";
  const token = /^bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (token === undefined) {
    throw new Problem(401, "credential_missing", "Sign in first", "Send a token as Authorization: Bearer.");
  }
  const found = await tokenOwner(c.env, token);
  if (found === undefined) {
    throw new Problem(401, "credential_invalid", "This credential is not accepted", "The token is unknown.");
  }
  return found;
}

/** Whose token it is, by its hash, compared in constant time. */
export async function tokenOwner(env, token) {
  callers ??= readCallers(env.API_TOKENS);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  let found;
  for (const entry of callers) {
    if (crypto.subtle.timingSafeEqual(digest, entry.digest)) found = entry.name;
  }
  return found;
}

/** Calls Databricks for one space and checks the answer. */
export async function space(env, id) {
  let response;
  try {
    response = await fetch(`${env.DATABRICKS_HOST}/api/2.0/data-rooms/${id}`, {
      headers: { authorization: `Bearer ${env.DATABRICKS_TOKEN}`, accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    throw error.name === "TimeoutError"
      ? new Problem(504, "upstream_slow", "The workspace took too long", "Nothing was changed.")
      : new Problem(503, "upstream_unreachable", "The workspace cannot be reached", "Nothing was changed.");
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw response.status === 404
      ? new Problem(404, "space_not_found", "There is no such space", "Check the id.")
      : new Problem(502, "upstream_failed", "The workspace answered with an error", "See the log.");
  }
  const found = await response.json().catch(() => undefined);
  if (found?.space_id !== id) {
    throw new Problem(502, "upstream_unreadable", "The answer could not be understood", "See the log.");
  }
  return found;
}

/** An app whose answers come from `answer(c, caller, id, headers)`, a `{response, cache}`. */
export function app(answer) {
  const app = new Hono();
  app.get(ROUTE, async (c) => {
    const started = Date.now();
    const requestId = crypto.randomUUID();
    let response;
    let name;
    let cache;
    let code;
    try {
      name = await caller(c);
      const id = c.req.query("space_id") ?? "";
      if (!SPACE_ID.test(id)) {
        throw new Problem(400, "space_id_malformed", "This is not a space id", "It has 32 hex digits.");
      }
      ({ response, cache } = await answer(c, name, id, { ...HEADERS, "x-request-id": requestId }));
    } catch (error) {
      const { status = 500, title = "Something failed in the server", message: detail } = error;
      code = error.code ?? "internal";
      const body = { type: `urn:problem:${code}`, title, status, detail, code, request_id: requestId };
      response = c.body(JSON.stringify(body), status, {
        ...HEADERS,
        "content-type": "application/problem+json",
        "x-request-id": requestId,
      });
    }
    const now = Date.now();
    console.log(
      JSON.stringify({
        t: now,
        level: response.status >= 500 ? "error" : "info",
        event: "request",
        request_id: requestId,
        method: c.req.method,
        route: ROUTE,
        caller: name,
        cache,
        code,
        status: response.status,
        ms: now - started,
      }),
    );
    return response;
  });
  return app;
}
