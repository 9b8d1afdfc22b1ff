import type { GenieSpace, HandoffContext } from "../api";
import type { Session } from "../conversations/Messages";

/**
 * What is known of a handoff from a space, an intent, and the part of a conversation that it comes from, if there is one.
 * Nothing is invented: what is not known stays empty.
 */
export function contextOfSpace(
  space: GenieSpace,
  intent: string,
  now: Date,
  session?: Session,
): HandoffContext {
  const queries = session?.queries ?? [];
  return {
    genie_session_id: session?.conversationId ?? "",
    space_id: space.space_id,
    validated_tables: [...space.table_identifiers],
    validated_columns: {},
    user_intent: intent.trim(),
    exploration_summary: {
      queries_run: queries.length,
      tables_explored: space.table_identifiers.length,
      sample_data_reviewed: false,
    },
    exploration_queries: queries.map((query) => ({ query })),
    created_at: now.toISOString().replace(/\.\d{3}Z$/, "Z"),
    ...(space.warehouse_id && { warehouse_id: space.warehouse_id }),
  };
}
