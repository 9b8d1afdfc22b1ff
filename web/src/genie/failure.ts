/** What a failure means for the person in front of the block. */
import type { HandoffError } from "../api";
import { strings } from "../strings";

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
  | "refused"
  | "upstream"
  | "unreachable"
  | "slow"
  | "offline"
  | "other";

/** Sorts an error by what people can do about it. Codes are the worker's and the package's own. */
export function failureKind(error: HandoffError): FailureKind {
  switch (error.status) {
    case 400:
      return "invalid";
    case 401:
      return "unauthorised";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 429:
      return "throttled";
    case 502:
      return /credential|auth|forbidden/.test(error.code) ? "refused" : "upstream";
    case 503:
      return "unreachable";
    case 504:
      return "slow";
    case undefined:
      if (error.code === "timeout") return "slow";
      if (error.code === "network_error") return "offline";
      if (error.code === "invalid_argument") return "invalid";
      return "other";
    default:
      return "other";
  }
}

/** The words for an error. */
export function describeFailure(error: HandoffError, subject: Subject): Failure {
  const kind = failureKind(error);
  const { title, next } = words(kind, subject);
  const detail = error.message.trim();
  return { kind, title, next, ...(detail && detail !== title ? { detail } : {}) };
}

function words(kind: FailureKind, subject: Subject): { title: string; next: string } {
  const { errors } = strings;
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
