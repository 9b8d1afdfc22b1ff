import { type Deadline, startDeadline } from "./deadline.js";
import { HandoffError } from "./errors.js";
import { fromErrorAnswer, isObject, requestId, Secret } from "./problem.js";

/** A bearer token, or a function that gives a current one (`undefined`: call without). */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>);

export interface Transport {
  baseUrl: string;
  token: TokenSource | undefined;
  fetch: typeof globalThis.fetch | undefined;
  timeoutMs: number;
}

export interface Call {
  /** Path and query, beginning with `/`. */
  target: string;
  signal?: AbortSignal | undefined;
  noCache?: boolean | undefined;
  /** JSON text. */
  body?: string | undefined;
  /** Default: POST with a body, GET without. */
  method?: "GET" | "POST" | "PUT" | "DELETE" | undefined;
  /** Further request headers. */
  headers?: Record<string, string> | undefined;
}

/** An answer that is a success. */
export interface HttpAnswer {
  status: number;
  /** As the server wrote it, quotes included. */
  etag: string | undefined;
  /** The JSON of the body; `undefined` for an answer without one (204). */
  body: unknown;
}

/** More than the worker ever sends: it reads at most 1 MiB from Databricks. */
const MAX_ANSWER_BYTES = 8 << 20;
/** An error body beyond this is a page of somebody else. */
const MAX_PROBLEM_BYTES = 64 << 10;

/** Sends one request and gives the JSON object of the answer. Every failure is a {@link HandoffError}. */
export async function callJson(transport: Transport, call: Call): Promise<Record<string, unknown>> {
  const { body } = await callHttp(transport, call);
  if (!isObject(body)) throw notUnderstood("it is not a JSON object");
  return body;
}

/** Sends one request. Every failure, also an answer that is no success, is a {@link HandoffError}. */
export async function callHttp(transport: Transport, call: Call): Promise<HttpAnswer> {
  const deadline = startDeadline(call.signal, transport.timeoutMs);
  try {
    const token = await readToken(transport.token, deadline);
    deadline.check();
    const secret = new Secret(token);
    const response = await send(transport, call, token, secret, deadline);
    return await readAnswer(response, secret, deadline);
  } finally {
    deadline.dispose();
  }
}

async function readToken(source: TokenSource | undefined, deadline: Deadline): Promise<string | undefined> {
  // There is always something to wait for, even without a function: a call that is stopped at once (React runs effects
  // twice in development) never reaches the network.
  let token: unknown;
  try {
    token = await deadline.race(Promise.resolve(typeof source === "function" ? source() : source));
  } catch (error) {
    deadline.check();
    throw new HandoffError("token_unavailable", "The function that gives the token failed.", {
      cause: error,
      help: "Sign in again, then retry.",
    });
  }
  if (token === undefined || token === null || token === "") return undefined;
  // fetch would refuse these as well, but its message quotes the value.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new HandoffError("invalid_argument", "The token is not a text that can be sent in a header.", {
      path: "token",
      help: "A token is one word without spaces or line breaks. Check how it was copied.",
    });
  }
  return token;
}

async function send(
  transport: Transport,
  call: Call,
  token: string | undefined,
  secret: Secret,
  deadline: Deadline,
): Promise<Response> {
  const fetch = transport.fetch ?? globalThis.fetch;
  if (typeof fetch !== "function") {
    throw new HandoffError("invalid_argument", "There is no fetch here.", {
      path: "fetch",
      help: "Pass one to createClient({ fetch }).",
    });
  }
  const headers: Record<string, string> = {
    ...call.headers,
    accept: "application/json, application/problem+json",
  };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (call.noCache) headers["cache-control"] = "no-cache";
  if (call.body !== undefined) headers["content-type"] = "application/json";
  try {
    return await deadline.race(
      // The API never redirects; a redirect is a sign-in page in front of it. Following it would end in a CORS error
      // that says nothing.
      Promise.resolve(
        fetch.call(globalThis, transport.baseUrl + call.target, {
          method: call.method ?? (call.body === undefined ? "GET" : "POST"),
          headers,
          body: call.body ?? null,
          redirect: "manual",
          signal: deadline.signal,
        }),
      ),
    );
  } catch (error) {
    deadline.check();
    throw new HandoffError("network_error", "The server could not be reached.", {
      retryable: true,
      help: "Check the connection and that the server runs. From another origin, the server must allow this page.",
      cause: safeCause(error, secret),
    });
  }
}

async function readAnswer(response: Response, secret: Secret, deadline: Deadline): Promise<HttpAnswer> {
  const { status } = response;
  const id = requestId(response, undefined, secret);
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    drop(response);
    throw new HandoffError("redirected", "The server sent the call to another page instead of answering.", {
      status: status || undefined,
      requestId: id,
      help: "This is usually a sign-in page. Open the server's address in a tab, sign in, then retry.",
    });
  }
  const ok = status >= 200 && status < 300;
  const text = await readText(response, ok ? MAX_ANSWER_BYTES : MAX_PROBLEM_BYTES, secret, deadline);
  if (!ok) throw fromErrorAnswer(response, text ?? "", secret);
  const unreadable = (message: string, help: string) =>
    new HandoffError("invalid_response", message, { status, requestId: id, help });
  if (text === undefined) {
    throw new HandoffError("response_too_large", "The answer is larger than 8 MiB.", {
      status,
      requestId: id,
    });
  }
  const etag = response.headers.get("etag") ?? undefined;
  if (status === 204) return { status, etag, body: undefined };
  const type = secret.clean(
    (response.headers.get("content-type") ?? "").split(";")[0]?.trim() || "nothing named",
  );
  if (!/^application\/(?:[\w.+-]+\+)?json$/i.test(type)) {
    throw unreadable(
      `The server answered with ${type} instead of JSON.`,
      "Check that baseUrl is the server's address.",
    );
  }
  try {
    return { status, etag, body: JSON.parse(text) };
  } catch {
    // The parser's message quotes the text, so it is not kept as the cause.
    throw unreadable("The answer is not valid JSON.", "It may have been cut off. Try again.");
  }
}

/** An answer of a shape that this version does not know is an error, never an empty result. */
export function notUnderstood(why: string): HandoffError {
  return new HandoffError("invalid_response", `The answer was not understood: ${why}.`, {
    help: "Server and package may be of different versions. Update the older one.",
  });
}

/** The body as text, or `undefined` if it is longer than `limit`. */
async function readText(
  response: Response,
  limit: number,
  secret: Secret,
  deadline: Deadline,
): Promise<string | undefined> {
  try {
    if (Number(response.headers.get("content-length") ?? 0) > limit) {
      drop(response);
      return undefined;
    }
    // The length may be absent, or that of a compressed body: a copy is measured while the text is read. Reading the
    // body itself with a reader would do, but Chromium then reports many a complete answer as cancelled.
    const copy = response.clone();
    const text = response.text();
    text.catch(() => {});
    if (await deadline.race(exceeds(copy, limit))) {
      deadline.abandon();
      return undefined;
    }
    return await deadline.race(text);
  } catch (error) {
    deadline.check();
    throw new HandoffError("network_error", "The connection broke before the answer was complete.", {
      status: response.status,
      requestId: requestId(response, undefined, secret),
      retryable: true,
      help: "Try again.",
      cause: safeCause(error, secret),
    });
  }
}

/** Whether the body is longer than `limit`; known as soon as it is, or at its end. */
async function exceeds({ body }: Response, limit: number): Promise<boolean> {
  const reader = body?.getReader();
  let size = 0;
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) return false;
    size += part.value.byteLength;
    if (size > limit) return true;
  }
}

/** An unread body holds its connection. */
function drop(response: Response): void {
  response.body?.cancel().catch(() => {});
}

/** The error underneath, unless it holds the token. */
function safeCause(error: unknown, secret: Secret): unknown {
  const seen = new Set<unknown>();
  let text = "";
  for (let at: unknown = error; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at);
    text += `${at.name}: ${at.message}\n${at.stack ?? ""}\n`;
  }
  return error instanceof Error && !secret.isIn(text) ? error : undefined;
}
