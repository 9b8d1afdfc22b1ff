/** The calls of a review to the worker, and what it answers. Shapes as in `/openapi.json`. */
import { type HandoffContext, HandoffError, type Plan } from "../api";
import { sessionToken } from "../shell/token";

/** A plan as the registry keeps it. `plan` is left out in lists. */
export interface PlanRecord {
  readonly plan_id: string;
  readonly plan_name: string;
  readonly version: string;
  readonly plan_hash: string;
  readonly state: "draft" | "deployed" | "paused" | "archived";
  readonly updated_at: string;
  readonly updated_by: string;
  readonly plan?: Plan;
  readonly deployment?: Deployment | null;
}

export interface Step {
  readonly name: string;
  readonly state: string;
  readonly started_at?: string | null;
  readonly ended_at?: string | null;
  readonly message?: string | null;
}

export interface Deployment {
  readonly deployment_id: string;
  readonly version: string;
  readonly plan_hash: string;
  readonly job_id: string;
  readonly job_url?: string | null;
  readonly file_path?: string | null;
  readonly state: string;
  readonly created?: boolean;
  readonly run_as?: string | null;
  readonly deployed_at?: string | null;
  readonly deployed_by?: string | null;
  readonly steps?: readonly Step[];
}

export interface Run {
  readonly run_id: string;
  readonly version?: string | null;
  readonly run_url?: string | null;
  readonly trigger?: string;
  readonly state: string;
  readonly upstream_state?: string | null;
  readonly message?: string | null;
  readonly queued_at?: string | null;
  readonly started_at?: string | null;
  readonly ended_at?: string | null;
  readonly duration_ms?: number | null;
  readonly stages?: readonly Step[];
  readonly rows?: Readonly<Record<string, string | null>> | null;
  readonly feedback?: string;
}

export interface Count {
  readonly name: string;
  readonly label: string;
  readonly state: string;
  readonly value: string | null;
  readonly message?: string | null;
}

export interface Preview {
  readonly plan_hash: string;
  readonly explain?: { readonly state: string; readonly message?: string | null };
  readonly counts: readonly Count[];
  readonly warehouse?: {
    readonly warehouse_id: string;
    readonly name?: string | null;
    readonly state?: string | null;
  } | null;
}

/** One thing that somebody must be allowed to do. */
export interface Check {
  readonly id: string;
  readonly what: string;
  readonly state: "ok" | "missing" | "not_checked";
  readonly principal?: { readonly name: string; readonly role: "caller" | "run_as" } | null;
  readonly privilege?: string;
  readonly securable?: string;
  readonly message?: string;
  readonly grant?: string | null;
}

export interface Me {
  readonly caller: string;
  readonly name?: string | null;
  readonly kind: string;
  readonly roles: readonly string[];
  readonly run_as?: string | { readonly name?: string } | null;
}

export interface StoredHandoff {
  readonly handoff_id: string;
  readonly payload: string;
  readonly created_by?: string | null;
}

/** What a call needs beside its address. */
interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Deploying and counting wait for a warehouse; the server's own limits end earlier. Milliseconds. */
const timeout = 120_000;

async function call<T>(
  path: string,
  { method = "GET", body, headers, signal }: Call = {},
): Promise<{ value: T; etag: string }> {
  const limit = AbortSignal.timeout(timeout);
  const token = sessionToken.read();
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: "error",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await response.text();
  } catch (cause) {
    if (signal?.aborted) throw new HandoffError("aborted", "The call was stopped.", { cause });
    if (limit.aborted)
      throw new HandoffError("timeout", "The server took too long.", { retryable: true, cause });
    throw new HandoffError("network_error", "The server could not be reached.", { retryable: true, cause });
  }
  const value = parse(text);
  if (!response.ok) throw problem(response, value);
  if (typeof value !== "object" || value === null) {
    throw new HandoffError("invalid_response", "The server's answer could not be understood.", {
      status: response.status,
    });
  }
  return { value: value as T, etag: response.headers.get("etag") ?? "" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a failed call carries beside its code. */
export class CallError extends HandoffError {
  /** Permissions that are missing. */
  readonly checks: readonly Check[];

  constructor(
    code: string,
    message: string,
    details: ConstructorParameters<typeof HandoffError>[2],
    checks: readonly Check[],
  ) {
    super(code, message, details);
    this.checks = checks;
  }
}

function problem(response: Response, value: unknown): CallError {
  const body = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const text = (key: string) => (typeof body[key] === "string" ? (body[key] as string) : undefined);
  return new CallError(
    text("code") ?? "http_error",
    text("detail") ?? text("title") ?? `The server answered ${response.status}.`,
    {
      status: response.status,
      requestId: text("request_id") ?? response.headers.get("x-request-id") ?? undefined,
      retryable: body.retryable === true || response.status >= 500,
      retryAfter: typeof body.retry_after === "number" ? body.retry_after : undefined,
      help: text("help"),
      issues: Array.isArray(body.issues) ? (body.issues as never) : undefined,
    },
    Array.isArray(body.checks) ? (body.checks as Check[]) : [],
  );
}

const planPath = (id: string): string => `/api/plans/${encodeURIComponent(id)}`;

export const server = {
  async me(signal?: AbortSignal): Promise<Me> {
    return (await call<Me>("/api/me", { signal })).value;
  },
  async handoff(id: string, signal?: AbortSignal): Promise<StoredHandoff> {
    return (await call<StoredHandoff>(`/api/handoffs/${encodeURIComponent(id)}`, { signal })).value;
  },
  async validate(context: HandoffContext, signal?: AbortSignal): Promise<readonly Check[]> {
    const { value } = await call<{ checks?: readonly Check[] }>("/api/handoffs/validate", {
      method: "POST",
      body: { context },
      signal,
    });
    return Array.isArray(value.checks) ? value.checks : [];
  },
  async readPlan(id: string, signal?: AbortSignal): Promise<{ record: PlanRecord; etag: string }> {
    const { value, etag } = await call<PlanRecord>(planPath(id), { signal });
    return { record: value, etag };
  },
  /** Makes the plan, or a new version of it when `etag` is given. */
  async savePlan(
    plan: Plan,
    id: string,
    etag: string | undefined,
    handoffId: string | undefined,
  ): Promise<{ record: PlanRecord; etag: string }> {
    const body = handoffId === undefined ? plan : { plan, handoff_id: handoffId };
    const answer =
      etag === undefined
        ? await call<PlanRecord>("/api/plans", { method: "POST", body })
        : await call<PlanRecord>(planPath(id), { method: "PUT", body, headers: { "if-match": etag } });
    return { record: answer.value, etag: answer.etag };
  },
  async preview(id: string, plan: Plan, signal?: AbortSignal): Promise<Preview> {
    return (await call<Preview>(`${planPath(id)}/preview`, { method: "POST", body: { plan }, signal })).value;
  },
  async deploy(
    id: string,
    body: { plan_hash: string; version: string; paused?: boolean },
    key: string,
  ): Promise<Deployment> {
    const headers = { "idempotency-key": key };
    return (await call<Deployment>(`${planPath(id)}/deploy`, { method: "POST", body, headers })).value;
  },
  async startRun(id: string, key: string): Promise<Run> {
    const headers = { "idempotency-key": key };
    return (await call<Run>(`${planPath(id)}/runs`, { method: "POST", body: {}, headers })).value;
  },
  async readRun(id: string, run: string, signal?: AbortSignal): Promise<Run> {
    return (await call<Run>(`${planPath(id)}/runs/${encodeURIComponent(run)}`, { signal })).value;
  },
  async cancelRun(id: string, run: string): Promise<Run> {
    return (
      await call<Run>(`${planPath(id)}/runs/${encodeURIComponent(run)}/cancel`, { method: "POST", body: {} })
    ).value;
  },
};

/** States of a run that does not change any more. */
export const ended: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled", "skipped"]);
