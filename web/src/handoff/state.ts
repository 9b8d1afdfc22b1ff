/** The state of the page that opens links. Pure. */
import type { DecodedHandoff, HandoffContext, HandoffError, Inspection, SignatureState } from "../api";
import { storedId } from "./address";

/**
 * What is known of the signature. Beside what checking it can say: the server has no keys, or could not be asked for
 * them. A link whose signature does not fit is never shown, so "tampered" is not among them.
 */
export type Trust = Exclude<SignatureState, "tampered"> | "no_keys" | "unreachable";

/** A link that can be shown. */
export interface OpenHandoff {
  /** Without data, whoever made the link. */
  readonly context: HandoffContext;
  readonly decoded: DecodedHandoff;
  readonly inspection: Inspection;
  readonly trust: Trust;
  /** The handoff as the server keeps it, for links that only name it. */
  readonly stored?: { readonly id: string; readonly by?: string };
}

export type HandoffState =
  | { readonly kind: "empty" }
  | { readonly kind: "reading" | "checking"; readonly link: string; readonly since: number }
  | { readonly kind: "refused"; readonly error: HandoffError }
  | { readonly kind: "tampered"; readonly host: string }
  /** The code that reads links could not be loaded. */
  | { readonly kind: "no-code"; readonly link: string; readonly error: HandoffError }
  /** The server keeps what the link names, and could not be asked for it. */
  | { readonly kind: "unread"; readonly link: string; readonly error: HandoffError }
  | { readonly kind: "open"; readonly link: string; readonly handoff: OpenHandoff };

export type HandoffAction =
  | { readonly type: "open"; readonly link: string; readonly at: number }
  | { readonly type: "checking"; readonly at: number }
  | { readonly type: "failed"; readonly error: HandoffError }
  | { readonly type: "tampered"; readonly host: string }
  | { readonly type: "shown"; readonly handoff: OpenHandoff }
  | { readonly type: "forget" };

/** Failures of loading, which say nothing about the link. */
const loading: ReadonlySet<string> = new Set([
  "wasm_unavailable",
  "wasm_invalid",
  "wasm_blocked",
  "internal_error",
]);

export function startHandoff(link: string | undefined, now: number): HandoffState {
  return link === undefined ? { kind: "empty" } : { kind: "reading", link, since: now };
}

export function reduceHandoff(state: HandoffState, action: HandoffAction): HandoffState {
  switch (action.type) {
    case "open":
      return { kind: "reading", link: action.link, since: action.at };
    case "forget":
      return { kind: "empty" };
  }
  // The rest is news about a link that is being opened; for any other state it comes too late.
  if (state.kind !== "reading" && state.kind !== "checking") return state;
  const { link } = state;
  switch (action.type) {
    case "checking":
      return { kind: "checking", link, since: action.at };
    case "failed":
      if (loading.has(action.error.code)) return { kind: "no-code", link, error: action.error };
      return storedId(link) !== undefined && action.error.status !== 404
        ? { kind: "unread", link, error: action.error }
        : { kind: "refused", error: action.error };
    case "tampered":
      return { kind: "tampered", host: action.host };
    case "shown":
      return { kind: "open", link, handoff: action.handoff };
  }
}

/** How many values another tool left in the queries; links of this product have none. */
export function strippedValues({ inspection: { removed } }: OpenHandoff): number {
  return removed.strings + removed.numbers;
}
