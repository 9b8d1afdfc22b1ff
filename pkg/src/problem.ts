import { HandoffError, type Issue, type PermissionCheck } from "./errors.js";

const MAX_MESSAGE = 1000;
const MAX_ISSUES = 1000;
const MAX_RETRY_AFTER = 86_400;

/** The caller's token, which no text of an error may hold, whoever put it there. */
export class Secret {
  readonly #token: string | undefined;

  constructor(token: string | undefined) {
    this.#token = token;
  }

  isIn(text: string): boolean {
    return this.#token !== undefined && text.includes(this.#token);
  }

  /** A text of somebody else without the token, and fit to show. */
  clean(text: string): string {
    // Redact before cutting: half a token is a secret too.
    const safe = this.#token === undefined ? text : text.replaceAll(this.#token, "[redacted]");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    const plain = safe.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, " ");
    return plain.length > MAX_MESSAGE ? `${plain.slice(0, MAX_MESSAGE - 1)}…` : plain;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The error for an answer that is no success. `text` is its body, or what could be read of it. */
export function fromErrorAnswer(response: Response, text: string, secret: Secret): HandoffError {
  const body = parseObject(text);
  const string = (key: string): string | undefined => {
    const value = body[key];
    return typeof value === "string" && value.trim() !== "" ? secret.clean(value) : undefined;
  };
  const { status } = response;
  const code = string("code");
  const retryable = body.retryable;
  return new HandoffError(
    code !== undefined && /^[A-Za-z0-9][\w.-]{0,63}$/.test(code) ? code : "http_error",
    string("detail") ?? string("title") ?? `The server answered with status ${status}.`,
    {
      status,
      requestId: requestId(response, string("request_id"), secret),
      retryable: typeof retryable === "boolean" ? retryable : retryableStatus(status),
      retryAfter: seconds(body.retry_after) ?? retryAfter(response.headers.get("retry-after")),
      help: string("help"),
      path: string("path"),
      issues: issues(body.issues, secret),
      checks: checks(body.checks, secret),
    },
  );
}

/** The request id of an answer; a body may name it where CORS hides the header. */
export function requestId(
  response: Response,
  fromBody: string | undefined,
  secret: Secret,
): string | undefined {
  const fits = (id: string | null | undefined) => id != null && /^[\x21-\x7e]{1,128}$/.test(id);
  const id = [fromBody, response.headers.get("x-request-id")].find(fits);
  return id == null ? undefined : secret.clean(id);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** For answers of something before the worker, which say nothing about it: a gateway's trouble passes. */
function retryableStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 502 && status !== 505);
}

function seconds(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 ? Math.min(value, MAX_RETRY_AFTER) : undefined;
}

/** `Retry-After` is seconds or an HTTP date (RFC 9110, section 10.2.3). */
function retryAfter(header: string | null): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return seconds(Number(text));
  const at = /^[A-Za-z]{3},/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : seconds(Math.max(0, Math.ceil((at - Date.now()) / 1000)));
}

function issues(value: unknown, secret: Secret): readonly Issue[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const text = (field: unknown) => (typeof field === "string" ? secret.clean(field) : "");
  return value
    .filter(isObject)
    .slice(0, MAX_ISSUES)
    .map((item) => ({
      severity: item.severity === "warning" ? "warning" : "error",
      code: text(item.code),
      path: text(item.path),
      message: text(item.message),
      help: text(item.help),
    }));
}

function checks(value: unknown, secret: Secret): readonly PermissionCheck[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const text = (field: unknown) => (typeof field === "string" ? secret.clean(field) : "");
  return value
    .filter(isObject)
    .slice(0, MAX_ISSUES)
    .map(({ id, what, state, principal, privilege, securable, message, grant }) => ({
      id: text(id),
      what: text(what),
      // What is not understood must not look granted.
      state: state === "ok" || state === "missing" ? state : "not_checked",
      principal: isObject(principal)
        ? { name: text(principal.name), role: principal.role === "run_as" ? "run_as" : "caller" }
        : null,
      ...(typeof privilege === "string" && { privilege: text(privilege) }),
      ...(isObject(securable) && { securable: { kind: text(securable.kind), name: text(securable.name) } }),
      message: text(message),
      ...(typeof grant === "string" && { grant: text(grant) }),
    }));
}
