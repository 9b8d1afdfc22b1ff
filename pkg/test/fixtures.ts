/** A context and a plan per pattern, to be changed by the tests. */
import type { HandoffContext, PatternType, Plan } from "../dist/index.js";

const TABLE = "city_library.circulation.loans";

export function context(more: Partial<HandoffContext> = {}): HandoffContext {
  return {
    genie_session_id: "01f0a4c123b11612bd272d1371c17149",
    space_id: "01f0d439536b13219fdaeeb975729fae",
    validated_tables: [TABLE],
    validated_columns: { [TABLE]: ["loan_id", "copy_id", "member_id", "due_on", "returned_on"] },
    user_intent: "Overdue loans per branch, every morning",
    exploration_summary: { queries_run: 1, tables_explored: 1, sample_data_reviewed: true },
    exploration_queries: [
      {
        query: `SELECT branch, COUNT(*) FROM ${TABLE} WHERE member_id = 'planted-secret' AND fee > 4711`,
        result_summary: "12 rows",
      },
    ],
    created_at: "2025-08-04T07:15:00Z",
    ...more,
  };
}

const CONFIGS: Record<PatternType, [mode: string, config: Record<string, unknown>]> = {
  INCREMENTAL_APPEND: ["append", { watermark_column: "ts", watermark_type: "timestamp" }],
  FULL_REPLACE: ["overwrite", { refresh_mode: "staging" }],
  MERGE_UPSERT: ["merge", { merge_keys: ["id"] }],
  SCD2: ["merge", { business_keys: ["id"] }],
  SNAPSHOT: ["append", { snapshot_date_column: "snapshot_date" }],
  AGGREGATE_REFRESH: [
    "merge",
    { group_by: ["id"], aggregates: [{ function: "max", column: "ts", as: "last_ts" }] },
  ],
  SURROGATE_KEY: ["merge", { business_keys: ["id"], surrogate_key_column: "sk" }],
  DEDUPLICATE: ["overwrite", { key_columns: ["id"], order_by: [{ column: "ts", direction: "desc" }] }],
};

export const PATTERNS = Object.keys(CONFIGS) as PatternType[];

export function plan(type: PatternType, source: Record<string, unknown> = {}): Plan {
  const [write_mode, pattern_config] = CONFIGS[type];
  const newer = ["AGGREGATE_REFRESH", "SURROGATE_KEY", "DEDUPLICATE"].includes(type);
  return {
    schema_version: newer ? "1.1" : "1.0",
    plan_metadata: {
      plan_id: "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
      plan_name: "a_plan",
      owner: "ada@example.com",
      created_at: "2026-01-16T08:00:00Z",
      version: "1.0.0",
    },
    pattern: { type },
    source: { catalog: "main", schema: "raw", table: "src", columns: ["id", "name", "ts"], ...source },
    target: { catalog: "main", schema: "mart", table: "tgt", write_mode },
    pattern_config,
    execution_config: { warehouse_id: "0123456789abcdef" },
  };
}
