/** Everything that all entries share: all but `init`. */
export type {
  ConversationPage,
  CreatedHandoff,
  CreateHandoffRequest,
  GenieConversation,
  GenieMessage,
  GenieSpace,
  GenieSpaceSummary,
  Health,
  MessagePage,
  SignedPayload,
  SpacePage,
} from "./api-types.js";
export {
  type Caller,
  type CallOptions,
  type ClientOptions,
  createCaller,
  type HealthOptions,
  type ReadOptions,
  type RequestOptions,
} from "./caller.js";
export { createClient, type HandoffClient, type ListOptions } from "./client.js";
export { compareSql, type SqlLine } from "./compare.js";
export type { Catalog, DraftPlan, HandoffContext, PatternType, Plan } from "./contracts.js";
export { HandoffError, type HandoffErrorDetails, type Issue, type PermissionCheck } from "./errors.js";
export type { ExportKind } from "./export.js";
export { parseSpaceReference, version } from "./functions.js";
export type * from "./generated/suggest-types.js";
export type * from "./generated/types.js";
export { checkReadiness, decodeHandoff, encodeHandoff, redactContext } from "./handoff.js";
export type { HttpAnswer, TokenSource } from "./http.js";
export {
  checkPlan,
  colourSql,
  diffPlans,
  explainPlan,
  highlightSql,
  type RenderedLoad,
  renderLoad,
  renderSql,
  sqlKinds,
  validatePlan,
} from "./plans.js";
export { initSync } from "./runtime.js";
export { describeSchedule, type ScheduleOptions } from "./schedule.js";
export {
  type SignatureState,
  type VerificationKey,
  type VerifyOptions,
  verifyHandoff,
} from "./signature.js";
export type { WasmSource } from "./source.js";
export { initSuggestSync } from "./suggest-sync.js";
