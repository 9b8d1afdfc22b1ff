/**
 * Answers of the worker. Ids are texts, times are what Databricks sends. Members that this version does not know are
 * kept: Databricks adds fields without notice.
 */
import type { HandoffContext } from "./contracts.js";
import type { Readiness } from "./generated/types.js";

/** A Genie space as `genie_get` gives it. */
export interface GenieSpace {
  space_id: string;
  id: string;
  display_name: string | null;
  description: string | null;
  warehouse_id: string | null;
  /** `catalog.schema.table`. */
  table_identifiers: string[];
  /** `true` when Databricks withheld the list of tables; the list is empty then. */
  tables_unknown?: boolean;
  run_as_type: string | null;
  sample_questions?: string[] | null;
  /** Epoch milliseconds. Spaces known only through the public API have `create_time` (RFC 3339) instead. */
  created_timestamp?: number;
  last_updated_timestamp?: number;
  create_time?: string;
  update_time?: string;
  [key: string]: unknown;
}

/** A space in a list: what the list gives, which is less than {@link GenieSpace}. */
export interface GenieSpaceSummary {
  space_id: string;
  display_name: string | null;
  description?: string | null;
  warehouse_id?: string | null;
  [key: string]: unknown;
}

export interface GenieConversation {
  conversation_id: string;
  title?: string | null;
  created_timestamp?: number;
  [key: string]: unknown;
}

export interface GenieMessage {
  message_id: string;
  conversation_id?: string;
  space_id?: string;
  /** What the person asked. */
  content?: string;
  /** `COMPLETED`, `FAILED`, `EXECUTING_QUERY` and more; expect values that you do not know. */
  status?: string;
  attachments?: Record<string, unknown>[];
  error?: { error?: string; type?: string } | null;
  created_timestamp?: number;
  last_updated_timestamp?: number;
  user_id?: string;
  [key: string]: unknown;
}

/** One page. Without `next_page_token` it is the last. */
export interface SpacePage {
  spaces: GenieSpaceSummary[];
  next_page_token?: string;
}

export interface ConversationPage {
  conversations: GenieConversation[];
  next_page_token?: string;
}

export interface MessagePage {
  messages: GenieMessage[];
  next_page_token?: string;
}

export interface Health {
  status: string;
  /** `emulator` means that nothing here is a real workspace. */
  databricks: "live" | "emulator";
  /** `open`: calls need no token (loopback only). */
  auth?: "open" | "required";
  [key: string]: unknown;
}

/** What a handoff is made from. */
export interface CreateHandoffRequest {
  /** The space: 32 characters of `0-9a-f`. */
  spaceId: string;
  /** What should be produced, for whom, how often. It travels as it is written. */
  userIntent: string;
  /** `catalog.schema.table`, if it is known already. */
  targetTable?: string;
}

/** The payload of a link with a signature. */
export interface SignedPayload {
  /** In place of the payload that was given. */
  payload: string;
  /** Which key was used. */
  key_id: string;
  /** When the link stops being valid, in seconds since 1970. */
  expires: number;
  /** The host that the link is for. */
  audience: string;
}

/** A link that the server made. */
export interface CreatedHandoff {
  /** `null` while the link holds everything itself and the server keeps nothing. */
  handoff_id: string | null;
  url: string;
  /** What the link carries. */
  context: HandoffContext;
  readiness: Readiness;
  [key: string]: unknown;
}
