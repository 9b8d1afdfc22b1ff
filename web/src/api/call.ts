/** One call to the server this page came from. */
import { type CallOptions, HandoffError, type RequestOptions } from "genie-handoff";
import { caller } from ".";

/** One page of a list, with the way to the next. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** What a filter may hold: blank texts ask for nothing. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ListCall extends CallOptions {
  readonly query?: Query;
  /** `next` of the page before. */
  readonly next?: string | undefined;
  readonly pageSize?: number;
}

/** A path with its ids escaped. */
export function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return String.raw({ raw: parts }, ...ids.map((id) => encodeURIComponent(id)));
}

/** A key for one intent of a person: the same press sent twice acts once. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}

/** The answer's object. Rejects with a `HandoffError`, also if it is something else. */
export async function callObject<T>(request: RequestOptions): Promise<T> {
  const { body } = await caller.request(request);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw notUnderstood();
  return body as T;
}

/** The answer's object with its ETag, which a later change has to name. */
export async function callWithEtag<T>(request: RequestOptions): Promise<{ value: T; etag: string }> {
  const { body, etag } = await caller.request(request);
  if (typeof body !== "object" || body === null || etag === undefined) throw notUnderstood();
  return { value: body as T, etag };
}

/** One page of the list under `key`. */
export async function callList<T>(
  target: string,
  key: string,
  { query = {}, next, pageSize = 50, signal }: ListCall = {},
): Promise<Page<T>> {
  const filled = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const body = await callObject<Record<string, unknown>>({
    path: target,
    query: { ...Object.fromEntries(filled), page_size: pageSize, page_token: next },
    ...(signal && { signal }),
  });
  const items = body[key];
  if (!Array.isArray(items)) throw notUnderstood();
  const token = body.next_page_token;
  return {
    items: items as readonly T[],
    ...(typeof token === "string" && token !== "" && { next: token }),
  };
}

function notUnderstood(): HandoffError {
  return new HandoffError("invalid_response", "The answer of the server was not understood.", {
    help: "Reload the page: it and the server may be of different versions.",
  });
}
