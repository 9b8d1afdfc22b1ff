/** What wasm says about a plan. Everything here runs in the page and needs no server; `init()` is done by then. */
import {
  compareSql,
  describeSchedule,
  explainPlan,
  type Finding,
  HandoffError,
  type Plan,
  type PlanExplanation,
  type PlanReport,
  type RenderedLoad,
  type RenderedPlan,
  renderLoad,
  renderSql,
  type ScheduleDescription,
  type SqlLine,
  toHandoffError,
  validatePlan,
} from "../api";

/** What is known about a plan after each key stroke. */
export interface Checked {
  readonly plan: Plan;
  readonly report: PlanReport;
  /** Absent while no SQL can be written; `refusal` then says why. */
  readonly load?: RenderedLoad;
  readonly refusal?: HandoffError;
}

/** Validates, and writes the load. Never throws: a plan that is none is an answer. */
export function checkPlan(plan: Plan, genieSession: string): Checked {
  let report: PlanReport;
  try {
    report = validatePlan(plan);
  } catch (cause) {
    const refusal = toHandoffError(cause);
    const { code, message, help = "" } = refusal;
    const finding: Finding = { severity: "error", code, path: "", message, help };
    return { plan, report: { valid: false, renderable: false, hash: "", issues: [finding] }, refusal };
  }
  if (!report.renderable) return { plan, report };
  try {
    return { plan, report, load: renderLoad(plan, { ...(genieSession !== "" && { genieSession }) }) };
  } catch (cause) {
    return { plan, report, refusal: toHandoffError(cause) };
  }
}

/** What takes longer, for the moment after the typing. */
export interface Details {
  readonly explanation: PlanExplanation;
  readonly rendered: RenderedPlan;
}

/** `undefined` while no SQL can be written. */
export function detailsOf({ plan, load }: Checked): Details | undefined {
  if (!load) return undefined;
  try {
    return { explanation: explainPlan(plan), rendered: renderSql(plan) };
  } catch {
    return undefined;
  }
}

/** The lines of the SQL of two plans; `undefined` where one of them has none. */
export function changedLines(
  before: Plan | undefined,
  after: RenderedLoad | undefined,
): SqlLine[] | undefined {
  if (!before || !after) return undefined;
  try {
    return compareSql(renderLoad(before).sql, after.sql);
  } catch {
    return undefined;
  }
}

/** A schedule in words, or why it is none. */
export type ScheduleWords =
  | { readonly kind: "runs"; readonly description: ScheduleDescription }
  | { readonly kind: "unreadable"; readonly error: HandoffError };

export function scheduleWords(cron: string, timezone: string, after: number): ScheduleWords {
  try {
    return { kind: "runs", description: describeSchedule(cron, { timezone, after, count: 5 }) };
  } catch (cause) {
    return { kind: "unreadable", error: HandoffError.is(cause) ? cause : toHandoffError(cause) };
  }
}
