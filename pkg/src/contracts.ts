/** What a handoff carries and what a plan is: the shapes that other products share. */

/** The metadata of one Genie exploration. Unknown keys survive encoding and decoding. */
export interface HandoffContext {
  genie_session_id: string;
  space_id: string;
  /** `catalog.schema.table`. */
  validated_tables: string[];
  /** Table to column names. */
  validated_columns: Record<string, string[]>;
  user_intent: string;
  exploration_summary: {
    queries_run?: number;
    tables_explored?: number;
    sample_data_reviewed?: boolean;
    [key: string]: unknown;
  };
  exploration_queries?: { query: string; result_summary?: string }[];
  /** RFC 3339. */
  created_at?: string;
  warehouse_id?: string;
  /** Table to column to type, as Unity Catalog writes it. */
  column_types?: Record<string, Record<string, string>>;
  /** Table to primary key columns. */
  keys?: Record<string, string[]>;
  target_table?: string;
  pattern_hints?: unknown;
  [key: string]: unknown;
}

/** Tables that exist, with their columns; `null` where those are not known. */
export type Catalog = Record<string, readonly string[] | null>;

/** The load patterns: five of plan schema 1.0, three more of 1.1. */
export type PatternType =
  | "INCREMENTAL_APPEND"
  | "FULL_REPLACE"
  | "MERGE_UPSERT"
  | "SCD2"
  | "SNAPSHOT"
  | "AGGREGATE_REFRESH"
  | "SURROGATE_KEY"
  | "DEDUPLICATE";

/** A SQLPilot plan. `docs/plan.schema.json` has every key; `validatePlan` says what is wrong with one. */
export interface Plan {
  schema_version: "1.0" | "1.1";
  plan_metadata: Record<string, unknown>;
  pattern: { type: PatternType };
  source: Record<string, unknown>;
  target: Record<string, unknown>;
  pattern_config: Record<string, unknown>;
  execution_config?: Record<string, unknown>;
  schedule?: Record<string, unknown>;
  validation_rules?: Record<string, unknown>;
}

/** A plan that is not complete yet: parts that nobody knows are left out. */
export type DraftPlan = Partial<Omit<Plan, "pattern">> &
  Pick<Plan, "schema_version"> & { pattern?: { type?: PatternType } };
