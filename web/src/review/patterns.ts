/** The load patterns as the page needs them: what each takes, and how a plan gets from one to another. Pure. */
import type { PatternType, Plan } from "../api";
import { textsAt } from "./pointer";

/** What a pattern takes. */
export interface PatternShape {
  readonly type: PatternType;
  /** The schema version that knows it. */
  readonly since: "1.0" | "1.1";
  readonly writeModes: readonly ("append" | "overwrite" | "merge")[];
  /** The keys of its `pattern_config`, those of schema 1.1 apart. */
  readonly keys: readonly string[];
  readonly newKeys: readonly string[];
  /** The key of `pattern_config` that holds what tells rows apart. */
  readonly identity?: string;
}

export const patterns: readonly PatternShape[] = [
  {
    type: "INCREMENTAL_APPEND",
    since: "1.0",
    writeModes: ["append", "merge"],
    keys: ["watermark_column", "watermark_type", "watermark_initial_value", "match_columns"],
    newKeys: [],
    identity: "match_columns",
  },
  {
    type: "FULL_REPLACE",
    since: "1.0",
    writeModes: ["overwrite"],
    keys: [
      "refresh_mode",
      "table_format",
      "partition_columns",
      "cluster_columns",
      "filter_condition",
      "table_properties",
    ],
    newKeys: [],
  },
  {
    type: "MERGE_UPSERT",
    since: "1.0",
    writeModes: ["merge"],
    keys: ["merge_keys", "update_columns"],
    newKeys: ["hard_deletes", "duplicate_keys", "order_by"],
    identity: "merge_keys",
  },
  {
    type: "SCD2",
    since: "1.0",
    writeModes: ["merge"],
    keys: [
      "business_keys",
      "effective_date_column",
      "end_date_column",
      "current_flag_column",
      "end_date_default",
      "compare_columns",
    ],
    newKeys: ["hard_deletes", "duplicate_keys", "order_by"],
    identity: "business_keys",
  },
  {
    type: "SNAPSHOT",
    since: "1.0",
    writeModes: ["append", "overwrite"],
    keys: ["snapshot_date_column", "partition_columns"],
    newKeys: [],
  },
  {
    type: "AGGREGATE_REFRESH",
    since: "1.1",
    writeModes: ["merge"],
    keys: ["group_by", "time_bucket", "aggregates", "refresh_days"],
    newKeys: [],
    identity: "group_by",
  },
  {
    type: "SURROGATE_KEY",
    since: "1.1",
    writeModes: ["merge"],
    keys: ["business_keys", "surrogate_key_column", "key_method", "update_columns"],
    newKeys: [],
    identity: "business_keys",
  },
  {
    type: "DEDUPLICATE",
    since: "1.1",
    writeModes: ["overwrite"],
    keys: ["key_columns", "order_by"],
    newKeys: [],
    identity: "key_columns",
  },
];

/** The shape of a plan's pattern; `undefined` while none is chosen. */
export function shapeOf(plan: Plan): PatternShape | undefined {
  const type: unknown = (plan.pattern as { type?: unknown } | undefined)?.type;
  return patterns.find((shape) => shape.type === type);
}

/**
 * The plan with another pattern. What the new pattern takes as well is kept, a key under whatever name; the rest would
 * be refused and goes. Undo brings it back.
 */
export function switchPattern(plan: Plan, type: PatternType): Plan {
  const to = patterns.find((shape) => shape.type === type);
  const from = shapeOf(plan);
  if (!to || from?.type === type) return plan;
  const allowed = new Set([...to.keys, ...to.newKeys]);
  const config = Object.fromEntries(
    Object.entries(plan.pattern_config ?? {}).filter(([key]) => allowed.has(key)),
  );
  // One pattern closes what has gone, the other deletes it: what was meant must be asked again.
  delete config.hard_deletes;
  const keys = from?.identity ? textsAt(plan, `/pattern_config/${from.identity}`) : [];
  if (
    to.identity &&
    keys.length > 0 &&
    config[to.identity] === undefined &&
    to.type !== "INCREMENTAL_APPEND"
  ) {
    config[to.identity] = keys;
  }
  const mode = plan.target?.write_mode;
  const write_mode = to.writeModes.find((known) => known === mode) ?? to.writeModes[0];
  return versioned({
    ...plan,
    pattern: { type },
    target: { ...plan.target, write_mode },
    pattern_config: config,
  });
}

/** Says schema 1.1 where something in the plan needs it. A plan of 1.1 stays one. */
export function versioned(plan: Plan): Plan {
  if (plan.schema_version === "1.1") return plan;
  const shape = shapeOf(plan);
  const config = plan.pattern_config ?? {};
  const needs = shape?.since === "1.1" || (shape?.newKeys ?? []).some((key) => Object.hasOwn(config, key));
  return needs ? { ...plan, schema_version: "1.1" } : plan;
}
