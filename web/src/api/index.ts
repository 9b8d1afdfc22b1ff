/** The one place that names the package: the client of this page, its links, and what its answers look like. */
import {
  type Caller,
  type CreatedHandoff,
  checkPlan,
  checkReadiness,
  colourSql,
  compareSql,
  createCaller,
  type DecodedHandoff,
  decodeHandoff,
  describeSchedule,
  diffPlans,
  type EncodedHandoff,
  encodeHandoff,
  explainPlan,
  type Finding,
  type GenieConversation,
  type GenieMessage,
  type GenieSpace,
  type GenieSpaceSummary,
  type HandoffContext,
  HandoffError,
  type HandoffSignature,
  type Health,
  init,
  initSuggest,
  type PatternType,
  type PermissionCheck,
  type Plan,
  type PlanChange,
  type PlanDiff,
  type PlanExplanation,
  type PlanReport,
  parseSpaceReference,
  type Readiness,
  type RedactedContext,
  type RenderedPlan,
  redactContext,
  renderLoad,
  renderSql,
  type ScheduleDescription,
  type SignatureState,
  type SqlLine,
  sqlKinds,
  suggestPlan,
  type VerificationKey,
  verifyHandoff,
} from "genie-handoff";
import { sessionToken } from "../shell/token";

export {
  type CreatedHandoff,
  checkPlan,
  colourSql,
  compareSql,
  type DecodedHandoff,
  describeSchedule,
  diffPlans,
  type EncodedHandoff,
  explainPlan,
  type Finding,
  type GenieConversation,
  type GenieMessage,
  type GenieSpace,
  type GenieSpaceSummary,
  type HandoffContext,
  HandoffError,
  type HandoffSignature,
  type Health,
  initSuggest,
  type PatternType,
  type PermissionCheck,
  type Plan,
  type PlanChange,
  type PlanDiff,
  type PlanExplanation,
  type PlanReport,
  type Readiness,
  type RenderedPlan,
  renderLoad,
  renderSql,
  type ScheduleDescription,
  type SignatureState,
  type SqlLine,
  sqlKinds,
  suggestPlan,
  type VerificationKey,
  verifyHandoff,
};

/** Calls to the worker that served this page. The token is read anew for each call. What knows of Genie is in `./genie.ts`. */
export const caller: Caller = createCaller({ token: () => sessionToken.read() });

/**
 * The space that a pasted text names: an id, or a link from any Databricks host. The rule is the server's own,
 * in wasm, loaded when it is first needed. Rejects with a `HandoffError`.
 */
export async function readSpaceReference(text: string): Promise<string> {
  await init();
  return parseSpaceReference(text).space_id;
}

/** What a link with this context would carry, and what a person should look at before it is made. */
export interface Inspection extends RedactedContext {
  readonly readiness: Readiness;
}

/** Looks at a context without making a link. In wasm, loaded when it is first needed. Rejects with a `HandoffError`. */
export async function inspectContext(context: HandoffContext): Promise<Inspection> {
  await init();
  return { ...redactContext(context), readiness: checkReadiness(context) };
}

/** Makes an unsigned link to this server's own page. Rejects with a `HandoffError`. */
export async function makeLink(context: HandoffContext): Promise<EncodedHandoff> {
  await init();
  return encodeHandoff(context);
}

/** Opens a link or a payload. Rejects with a `HandoffError` that says what is wrong with it. */
export async function openLink(link: string): Promise<DecodedHandoff> {
  await init();
  return decodeHandoff(link);
}

/** What the server publishes for checking signatures: keys, none at all, or no answer. */
export type PublishedKeys =
  | { readonly kind: "keys"; readonly keys: readonly VerificationKey[] }
  | { readonly kind: "none" }
  | { readonly kind: "unreachable" };

/** Milliseconds after which a link is shown without the check of its signature. */
const keysTimeout = 10_000;

/** Asks the server for its keys. Never rejects: whatever happens is one of the three answers. */
export async function readKeys(signal?: AbortSignal): Promise<PublishedKeys> {
  const timeout = AbortSignal.timeout(keysTimeout);
  let response: Response;
  try {
    response = await fetch("/.well-known/genie-handoff.json", {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (response.status >= 500) return { kind: "unreachable" };
    if (!response.ok) return { kind: "none" };
    const body: unknown = await response.json();
    const keys = typeof body === "object" && body !== null && "keys" in body ? body.keys : undefined;
    return Array.isArray(keys) ? { kind: "keys", keys: keys.filter(isKey) } : { kind: "none" };
  } catch (cause) {
    // An answer that is no JSON holds no keys; everything else is a missing answer.
    return { kind: cause instanceof SyntaxError ? "none" : "unreachable" };
  }
}

function isKey(value: unknown): value is VerificationKey {
  if (typeof value !== "object" || value === null) return false;
  const { kty, crv, kid, x } = value as Record<string, unknown>;
  return kty === "OKP" && crv === "Ed25519" && typeof kid === "string" && typeof x === "string";
}

/** Any failure as the one error type; what is not ours would be a fault of this page. */
export function toHandoffError(cause: unknown): HandoffError {
  if (HandoffError.is(cause)) return cause;
  return new HandoffError("internal_error", "The page failed in a way that it should not.", { cause });
}
