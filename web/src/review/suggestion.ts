/** A first plan from a context, and what somebody has to say before it can be one. */
import type { HandoffContext, PatternType, Plan } from "../api";

/** A plan with its reasons, as the package suggests it. */
export interface Suggestion {
  /** `plain`: there are no suggestions, or they are still being loaded. */
  readonly kind: "suggested" | "waiting" | "plain";
  readonly plan: Plan;
  readonly pattern: PatternType | null;
  /** How sure the pattern is, from 0 to 1. */
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly alternatives: readonly Alternative[];
  readonly open: readonly Open[];
}

export interface Reason {
  readonly code: string;
  readonly path: string;
  readonly text: string;
  readonly evidence: readonly { readonly where: string; readonly quote: string }[];
}

export interface Alternative {
  readonly pattern: PatternType;
  readonly score: number;
  readonly whyNot: string;
}

/** A question that the context does not answer. */
export interface Open {
  readonly path: string;
  readonly code: string;
  readonly question: string;
}

/** What only the page knows. */
export interface Surroundings {
  readonly now: Date;
  readonly planId: string;
  /** Who reviews, if the server said so. */
  readonly owner?: string;
}

/**
 * The plan that every context gives, without a guess: the first table as source, and the rest left for people. For when
 * the suggestions could not be loaded.
 */
export function plainPlan(context: HandoffContext, { now, planId, owner }: Surroundings): Suggestion {
  const [first] = context.validated_tables;
  const source = tableParts(first);
  const columns = first === undefined ? undefined : context.validated_columns[first];
  const { genie_session_id, space_id } = context;
  // The server finds the handoff of a plan by these two.
  const tags = {
    ...(genie_session_id !== "" && { genie_session_id }),
    ...(space_id !== undefined && space_id !== "" && { genie_space_id: space_id }),
  };
  const plan = {
    schema_version: "1.0",
    plan_metadata: {
      plan_id: planId,
      ...(planName(context.target_table ?? first) !== undefined && {
        plan_name: planName(context.target_table ?? first),
      }),
      ...(owner !== undefined && { owner }),
      created_at: now.toISOString().replace(/\.\d{3}Z$/, "Z"),
      version: "1.0.0",
      ...(Object.keys(tags).length > 0 && { tags }),
    },
    pattern: {},
    source: { ...source, ...(Array.isArray(columns) && columns.length > 0 && { columns }) },
    target: { ...tableParts(context.target_table) },
    pattern_config: {},
    execution_config: { ...(context.warehouse_id !== undefined && { warehouse_id: context.warehouse_id }) },
  } as unknown as Plan;
  return { kind: "plain", plan, pattern: null, score: 0, reasons: [], alternatives: [], open: [] };
}

/** The parts of `catalog.schema.table`; names with dots of their own are in backquotes. */
export function tableParts(name: string | undefined): { catalog?: string; schema?: string; table?: string } {
  const parts = [...(name ?? "").matchAll(/`((?:[^`]|``)*)`|[^.`]+/g)].map(
    ([whole, quoted]) => quoted?.replaceAll("``", "`") ?? whole,
  );
  const [catalog, schema, table, ...more] = parts;
  if (!catalog || !schema || !table || more.length > 0) return {};
  return { catalog, schema, table };
}

function planName(table: string | undefined): string | undefined {
  const name = (tableParts(table).table ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, 64);
  return name.length >= 3 ? name : undefined;
}
