/** Plans and their SQL. */
import type { Plan } from "./contracts.js";
import { HandoffError } from "./errors.js";
import type {
  HighlightSpan,
  PlanDiff,
  PlanExplanation,
  PlanReport,
  RenderedLoad,
  RenderedPlan,
  RenderOptions,
  SqlLine,
} from "./generated/types.js";
import { ask, textOf } from "./json.js";

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
 * The load of a plan and its colours alone: a fraction of the work of {@link renderSql}, for pages that show the SQL
 * while somebody types.
 *
 * @throws {HandoffError} as {@link renderSql}.
 */
export function renderLoad(plan: Plan, options: RenderOptions = {}): RenderedLoad {
  const text = textOf(plan, "plan");
  const choices = textOf(options, "options");
  return ask((wasm) => wasm.renderLoad(text, choices));
}

/** The colours of a SQL text. Never fails for a text, whatever is in it. */
export function highlightSql(sql: string): HighlightSpan[] {
  checkSql(sql, "sql");
  return ask((wasm) => wasm.highlightSql(sql));
}

/** The lines of two SQL texts, without the comment above them, which names version and hash and so always differs. */
export function compareSql(before: string, after: string): SqlLine[] {
  checkSql(before, "before");
  checkSql(after, "after");
  return ask((wasm) => wasm.compareSql(before, after));
}

function checkSql(text: unknown, path: string): void {
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
