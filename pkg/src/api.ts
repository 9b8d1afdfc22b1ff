/** Everything that all entries share: all but `init`. */
export type {
  ConversationPage,
  GenieConversation,
  GenieMessage,
  GenieSpace,
  GenieSpaceSummary,
  Health,
  MessagePage,
  SpacePage,
} from "./api-types.js";
export {
  type CallOptions,
  type ClientOptions,
  createClient,
  type HandoffClient,
  type HealthOptions,
  type ListOptions,
  type ReadOptions,
} from "./client.js";
export { HandoffError, type HandoffErrorDetails, type Issue } from "./errors.js";
export { parseSpaceReference, version } from "./functions.js";
export type { SpaceReference } from "./generated/types.js";
export type { TokenSource } from "./http.js";
export { initSync } from "./runtime.js";
export type { WasmSource } from "./source.js";
