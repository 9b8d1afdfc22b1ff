/** Plans and their SQL. */
import type { Plan } from "./contracts.js";
import { HandoffError } from "./errors.js";
import type {
  CheckedPlan,
  HighlightSpan,
  PlanDiff,
  PlanExplanation,
  PlanReport,
  RenderedPlan,
  RenderOptions,
} from "./generated/types.js";
import { ask, textOf } from "./json.js";
import { call } from "./runtime.js";

/** The load of a plan alone. */
export interface RenderedLoad {
  /** One statement, one commit. */
  sql: string;
  /** Colours of `sql`. */
  highlight: HighlightSpan[];
}

/** Everything that is wrong with a plan, at once. Takes anything: a plan that is none is an answer, not an error. */
export function validatePlan(plan: Plan | unknown): PlanReport {
  const text = textOf(plan, "plan");
  return ask((wasm) => wasm.validatePlan(text));
}

/**
 * The exact SQL of a plan, and what belongs to it. Equal plans and options give equal bytes.
 *
 * @throws {HandoffError} `plan_invalid` with all `issues`.
 */
export function renderSql(plan: Plan, options: RenderOptions = {}): RenderedPlan {
  const text = textOf(plan, "plan");
  const choices = textOf(options, "options");
  return ask((wasm) => wasm.renderSql(text, choices));
}

/**
 * What is wrong with a plan, and its load if there can be one: {@link validatePlan} and {@link renderLoad} with one
 * reading of the plan, for pages that show both with each key stroke. Takes anything, as {@link validatePlan} does.
 */
export function checkPlan(plan: Plan | unknown, options: RenderOptions = {}): CheckedPlan {
  const text = textOf(plan, "plan");
  const choices = textOf(options, "options");
  return ask((wasm) => wasm.checkPlan(text, choices));
}

/**
 * The load of a plan and its colours alone: a fraction of the work of {@link renderSql}.
 *
 * @throws {HandoffError} as {@link renderSql}.
 */
export function renderLoad(plan: Plan, options: RenderOptions = {}): RenderedLoad {
  const text = textOf(plan, "plan");
  const choices = textOf(options, "options");
  const sql = call((wasm) => wasm.renderLoad(text, choices));
  return { sql, highlight: highlightSql(sql) };
}

/** The kinds of colours, in the order in which {@link colourSql} counts them. */
export const sqlKinds: readonly string[] = [
  "keyword",
  "identifier",
  "string",
  "number",
  "comment",
  "operator",
  "unknown",
];

/**
 * The colours of a SQL text as numbers: start, end and place in {@link sqlKinds} of each span in turn. What
 * {@link highlightSql} gives as objects, for texts of thousands of spans. Never fails for a text, whatever is in it.
 */
export function colourSql(sql: string): Uint32Array {
  checkSql(sql, "sql");
  return call((wasm) => wasm.highlightSql(sql));
}

/** The colours of a SQL text. Never fails for a text, whatever is in it. */
export function highlightSql(sql: string): HighlightSpan[] {
  const colours = colourSql(sql);
  const spans: HighlightSpan[] = [];
  for (let at = 0; at < colours.length; at += 3) {
    const [start = 0, end = 0, kind = 0] = colours.subarray(at, at + 3);
    spans.push({ start, end, kind: sqlKinds[kind] ?? "unknown" });
  }
  return spans;
}

/** Refuses what is no text. */
export function checkSql(text: unknown, path: string): void {
  if (typeof text !== "string") {
    throw new HandoffError("invalid_argument", "The SQL is not a text.", { path });
  }
}

/** A plan in plain words, what it destroys first. */
export function explainPlan(plan: Plan): PlanExplanation {
  const text = textOf(plan, "plan");
  return ask((wasm) => wasm.explainPlan(text));
}

/** The differences of two plans: structure first, then the SQL of both. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const texts = [textOf(before, "before"), textOf(after, "after")] as const;
  return ask((wasm) => wasm.diffPlans(...texts));
}
