import type { GenieSpace, HandoffContext } from "../api";

/**
 * What is known of a handoff when all there is is a space and an intent. Nothing is invented: no session, no columns and
 * no queries are known yet, and they stay empty.
 */
export function contextOfSpace(space: GenieSpace, intent: string, now: Date): HandoffContext {
  return {
    genie_session_id: "",
    space_id: space.space_id,
    validated_tables: [...space.table_identifiers],
    validated_columns: {},
    user_intent: intent.trim(),
    exploration_summary: {
      queries_run: 0,
      tables_explored: space.table_identifiers.length,
      sample_data_reviewed: false,
    },
    exploration_queries: [],
    created_at: now.toISOString().replace(/\.\d{3}Z$/, "Z"),
    ...(space.warehouse_id && { warehouse_id: space.warehouse_id }),
  };
}
