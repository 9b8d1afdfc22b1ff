/** What a failure means for the person in front of the block. */
import type { HandoffError } from "../api";
import { canvasWords } from "../strings/canvas";

/** What was being read. */
export type Subject = "space" | "list";

/** A failure in words, with what can be done about it. */
export interface Failure {
  readonly kind: FailureKind;
  readonly title: string;
  /** What the server said, when that adds something. */
  readonly detail?: string;
  readonly next: string;
}

export type FailureKind =
  | "unauthorised"
  | "forbidden"
  | "not-found"
  | "invalid"
  | "throttled"
  | "foreign-page"
  | "not-configured"
  | "refused"
  | "upstream"
  | "unreachable"
  | "slow"
  | "offline"
  | "other";

/** Codes of the worker that say more than their status. */
const byCode: ReadonlyMap<string, FailureKind> = new Map([
  ["origin_refused", "foreign-page"],
  ["not_configured", "not-configured"],
  ["upstream_refused_us", "refused"],
]);

const byStatus: ReadonlyMap<number, FailureKind> = new Map([
  [400, "invalid"],
  [401, "unauthorised"],
  [403, "forbidden"],
  [404, "not-found"],
  [429, "throttled"],
  [502, "upstream"],
  [503, "unreachable"],
  [504, "slow"],
]);

/** Codes of the package, for failures without an answer. */
const withoutAnswer: ReadonlyMap<string, FailureKind> = new Map([
  ["timeout", "slow"],
  ["network_error", "offline"],
  ["invalid_argument", "invalid"],
]);

/** Sorts an error by what people can do about it. An unknown code is sorted by its status. */
export function failureKind(error: HandoffError): FailureKind {
  const { code, status } = error;
  return (
    byCode.get(code) ?? (status === undefined ? withoutAnswer.get(code) : byStatus.get(status)) ?? "other"
  );
}

/** The words for an error. */
export function describeFailure(error: HandoffError, subject: Subject): Failure {
  const kind = failureKind(error);
  const { title, next } = words(kind, subject);
  // What the package says about a failure without an answer is for developers, and our words say the same.
  const detail = error.status === undefined && kind !== "other" ? "" : error.message.trim();
  return { kind, title, next, ...(detail && detail !== title ? { detail } : {}) };
}

function words(kind: FailureKind, subject: Subject): { title: string; next: string } {
  const { errors } = canvasWords;
  const list = subject === "list";
  switch (kind) {
    case "unauthorised":
      return errors.unauthorised;
    case "forbidden":
      return list ? errors.otherList : errors.forbidden;
    case "not-found":
      return list ? errors.notFoundList : errors.notFound;
    case "invalid":
      return list ? errors.otherList : errors.invalid;
    case "throttled":
      return errors.throttled;
    case "foreign-page":
      return errors.foreignPage;
    case "not-configured":
      return errors.notConfigured;
    case "refused":
      return errors.refused;
    case "upstream":
      return list ? errors.otherList : errors.upstream;
    case "unreachable":
      return errors.unreachable;
    case "slow":
      return errors.slow;
    case "offline":
      return errors.offline;
    case "other":
      return list ? errors.otherList : errors.other;
  }
}

/** Seconds to wait when the server throttles without saying how long. */
const defaultPause = 30;

/** How long to wait before asking again by itself, in seconds; absent when only people should decide that. */
export function waitFor(error: HandoffError): number | undefined {
  if (failureKind(error) !== "throttled") return undefined;
  return Math.max(1, error.retryAfter ?? defaultPause);
}
