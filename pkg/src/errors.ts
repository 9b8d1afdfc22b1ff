/** One finding about an input. `path` is a JSON Pointer into what was checked, or empty. */
export interface Issue {
  severity: "error" | "warning" | "info";
  code: string;
  path: string;
  message: string;
  help: string;
}

/**
 * One thing that an account may do, or lacks. Comes with `permissions_missing`, the answer to a deployment or run that a
 * permission is missing for.
 */
export interface PermissionCheck {
  id: string;
  /** What was looked at: `privilege`, `table_exists`, `warehouse_use` and so on; later versions may know more. */
  what: string;
  state: "ok" | "missing" | "not_checked";
  /** Whose permission it is; `null`: nobody's in particular. */
  principal: { name: string; role: "caller" | "run_as" } | null;
  privilege?: string;
  /** What it is about, by its full name. `kind` is `catalog`, `schema`, `table`, `warehouse`. */
  securable?: { kind: string; name: string };
  message: string;
  /** The statement that would give it. */
  grant?: string;
}

/** What a {@link HandoffError} may carry beside its code and message. */
export interface HandoffErrorDetails {
  /** HTTP status of the answer, when there was one. */
  status?: number | undefined;
  /** Id of the request in the server's log. Quote it when you ask for help. */
  requestId?: string | undefined;
  /** Whether the same call may succeed later. */
  retryable?: boolean | undefined;
  /** Seconds to wait before the next attempt, as the server asked for. */
  retryAfter?: number | undefined;
  /** What to do next, for people. */
  help?: string | undefined;
  /** The field or argument that is wrong. */
  path?: string | undefined;
  /** All findings, when an input was well-formed but not valid. */
  issues?: readonly Issue[] | undefined;
  /** What an account lacks, when that is why the server refused (`permissions_missing`). */
  checks?: readonly PermissionCheck[] | undefined;
  /** The error underneath. */
  cause?: unknown;
}

const TAG = Symbol.for("genie-handoff.HandoffError");

/**
 * The one error of this package. Branch on `code`; `message` and `help` are for people and may change.
 *
 * Codes of the package itself: `aborted`, `timeout`, `network_error`, `invalid_response`, `response_too_large`,
 * `redirected`, `http_error` (an error answer that names no code), `invalid_argument`, `token_unavailable`,
 * `not_initialised`, `wasm_unavailable`, `wasm_invalid`, `wasm_blocked`, `internal_error`. All others come from the
 * server (`code` of its problem JSON) or from the function that refused its input.
 */
export class HandoffError extends Error {
  override readonly name = "HandoffError";
  readonly code: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryable: boolean;
  readonly retryAfter?: number;
  readonly help?: string;
  readonly path?: string;
  readonly issues?: readonly Issue[];
  readonly checks?: readonly PermissionCheck[];

  constructor(code: string, message: string, details: HandoffErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = details.retryable ?? false;
    if (details.status !== undefined) this.status = details.status;
    if (details.requestId !== undefined) this.requestId = details.requestId;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
    if (details.help !== undefined) this.help = details.help;
    if (details.path !== undefined) this.path = details.path;
    if (details.issues !== undefined) this.issues = details.issues;
    if (details.checks !== undefined) this.checks = details.checks;
    Object.defineProperty(this, TAG, { value: true });
  }

  /** Also recognises errors of a second copy of the package, which a bundler can produce. */
  static is(value: unknown): value is HandoffError {
    return value instanceof Error && (value as { [TAG]?: unknown })[TAG] === true;
  }

  /** Without stack and cause, so that it can go into a log. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, status, requestId, retryable, retryAfter, help, path, issues, checks } =
      this;
    return { name, code, message, status, requestId, retryable, retryAfter, help, path, issues, checks };
  }
}
