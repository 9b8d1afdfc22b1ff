/** Plans and their SQL. */
import type { Plan } from "./contracts.js";
import type {
  PlanDiff,
  PlanExplanation,
  PlanReport,
  RenderedPlan,
  RenderOptions,
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
