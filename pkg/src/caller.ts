/** Calls to any route of the worker: the smallest client, and what the larger one is made of. */
import type { Health } from "./api-types.js";
import { HandoffError } from "./errors.js";
import {
  callHttp,
  callJson,
  type HttpAnswer,
  notUnderstood,
  type TokenSource,
  type Transport,
} from "./http.js";

export interface ClientOptions {
  /** Address of the worker, without a path of the API. Empty (default): the page's own origin. */
  baseUrl?: string;
  /** Bearer token, or a function that gives a current one. Not needed in open mode or behind Cloudflare Access. */
  token?: TokenSource;
  /** Instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Milliseconds until a call fails with `timeout`; default 30,000, the server's own limit being 25 s. 0: never. */
  timeoutMs?: number;
}

export interface CallOptions {
  /** Stops the call; it then rejects with code `aborted`. */
  signal?: AbortSignal;
}

export interface ReadOptions extends CallOptions {
  /** Asks Databricks again even if the server has a recent answer. */
  noCache?: boolean;
}

export interface HealthOptions extends CallOptions {
  /** Also checks that the server reaches Databricks. Needs a token unless the server is in open mode. */
  deep?: boolean;
}

/** A call to any route of the API, see {@link Caller.request}. */
export interface RequestOptions extends ReadOptions {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /** The route, like `/api/plans`, its ids escaped (`encodeURIComponent`). */
  path: string;
  /** Members that are `undefined` are left out. */
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  body?: unknown;
  /** The `etag` that was read, for a change that must not overwrite another. */
  ifMatch?: string;
  /** 1 to 64 printable ASCII characters: the same call again gives the first answer and acts once. */
  idempotencyKey?: string;
}

/** Calls that need no knowledge of Genie. Every failure rejects with a {@link HandoffError}. Works without `init()`. */
export interface Caller {
  health(options?: HealthOptions): Promise<Health>;
  /** Any route of the API that has no function of its own; `GET /openapi.json` describes them. The body is not looked at. */
  request(request: RequestOptions): Promise<HttpAnswer>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Makes a client of the API's routes in general, a fifth smaller than `createClient`. Nothing is called and nothing is
 * read until one of its functions is used.
 */
export function createCaller(options: ClientOptions = {}): Caller {
  return callerOf(transportOf(options));
}

/** How a client calls. */
export function transportOf({ baseUrl, token, fetch, timeoutMs }: ClientOptions): Transport {
  return {
    baseUrl: checkBaseUrl(baseUrl ?? ""),
    token,
    fetch,
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
}

/** The functions that every client has. */
export function callerOf(transport: Transport): Caller {
  return {
    async health({ signal, deep } = {}) {
      const answer = await callJson(transport, { target: deep ? "/health?deep=1" : "/health", signal });
      const { status, databricks } = answer;
      if (typeof status !== "string" || (databricks !== "live" && databricks !== "emulator")) {
        throw notUnderstood("it does not say what it talks to");
      }
      return { ...answer, status, databricks } as Health;
    },
    request: async (request) => callHttp(transport, toCall(request)),
  };
}

function toCall({
  method,
  path,
  query = {},
  body,
  ifMatch,
  idempotencyKey,
  signal,
  noCache,
}: RequestOptions) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const headers: Record<string, string> = {};
  if (ifMatch !== undefined) headers["if-match"] = checkHeader("ifMatch", ifMatch, 256);
  if (idempotencyKey !== undefined)
    headers["idempotency-key"] = checkHeader("idempotencyKey", idempotencyKey, 64);
  return {
    method,
    target: `${checkPath(path)}${search.size > 0 ? `?${search}` : ""}`,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers,
    signal,
    noCache,
  };
}

/** A path of this server: what follows the base address must not be able to change the host, or leave the API. */
function checkPath(path: unknown): string {
  const fits = typeof path === "string" && /^(?:\/[A-Za-z0-9._~%-]+)+$/.test(path);
  if (fits && !/\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path)) return path;
  throw new HandoffError("invalid_argument", "path is not the path of a route.", {
    path: "path",
    help: 'It looks like "/api/plans". The query goes into `query`, and ids are escaped.',
  });
}

function checkHeader(name: string, value: unknown, most: number): string {
  if (typeof value === "string" && /^[\x20-\x7e]+$/.test(value) && value.length <= most) return value;
  throw new HandoffError("invalid_argument", `${name} is not 1 to ${most} printable ASCII characters.`, {
    path: name,
  });
}

function checkBaseUrl(value: unknown): string {
  const wrong = (message: string) =>
    new HandoffError("invalid_argument", message, {
      path: "baseUrl",
      help: 'Use the address of the server, like "https://handoff.example.com", or "" for the page\'s own.',
    });
  if (typeof value !== "string") throw wrong("baseUrl is not a text.");
  if (/[?#\s\\]/.test(value)) throw wrong("baseUrl has a query, a fragment or a space.");
  const base = value.replace(/\/+$/, "");
  if (base === "" || /^\/[^/]/.test(base)) return base;
  let url: URL;
  try {
    url = new URL(base);
  } catch {
    throw wrong("baseUrl is neither an http(s) address nor a path.");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw wrong("baseUrl is not an http(s) address.");
  // An address with a password in it would end up in logs and error messages.
  if (url.username !== "" || url.password !== "") throw wrong("baseUrl has a user name or password in it.");
  return base;
}
