/**
 * What wasm says about a plan. Everything here runs in the page and needs no server; `init()` is done by then. Schedules and
 * comparisons are in the second module: who shows them asks `useSecondModule`.
 */
import {
  checkPlan as checkAndRender,
  compareSql,
  describeSchedule,
  explainPlan,
  type Finding,
  type HandoffError,
  type Plan,
  type PlanExplanation,
  type PlanReport,
  type RenderedPlan,
  renderLoad,
  renderSql,
  type ScheduleDescription,
  type SqlLine,
  toHandoffError,
} from "../api";

/** What is known about a plan after each key stroke. */
export interface Checked {
  readonly plan: Plan;
  readonly report: PlanReport;
  /** Absent while no SQL can be written; `refusal` then says why. */
  readonly sql?: string;
  readonly refusal?: HandoffError;
}

/** Validates, and writes the load. Never throws: a plan that is none is an answer. */
export function checkPlan(plan: Plan, genieSession: string): Checked {
  const options = { ...(genieSession !== "" && { genieSession }) };
  let report: PlanReport;
  try {
    const { report: found, sql } = checkAndRender(plan, options);
    if (sql !== undefined) return { plan, report: found, sql };
    report = found;
  } catch (cause) {
    const refusal = toHandoffError(cause);
    const { code, message, help = "" } = refusal;
    const finding: Finding = { severity: "error", code, path: "", message, help };
    return { plan, report: { valid: false, renderable: false, hash: "", issues: [finding] }, refusal };
  }
  if (!report.renderable) return { plan, report };
  // It is refused for a reason that only rendering it gives.
  try {
    return { plan, report, sql: renderLoad(plan, options).sql };
  } catch (cause) {
    return { plan, report, refusal: toHandoffError(cause) };
  }
}

/** What takes longer, for the moment after the typing. */
export interface Details {
  /** What it is about. */
  readonly plan: Plan;
  readonly explanation: PlanExplanation;
  readonly rendered: RenderedPlan;
}

/** `undefined` while no SQL can be written. */
export function detailsOf({ plan, sql }: Checked): Details | undefined {
  if (sql === undefined) return undefined;
  try {
    return { plan, explanation: explainPlan(plan), rendered: renderSql(plan) };
  } catch {
    return undefined;
  }
}

/** The load of a plan; `undefined` where it has none. */
export function loadOf(plan: Plan): string | undefined {
  try {
    return renderLoad(plan).sql;
  } catch {
    return undefined;
  }
}

/** The lines of two loads; `undefined` where one of them is none, and until the second module is there. */
export function changedLines(before: string | undefined, after: string | undefined): SqlLine[] | undefined {
  if (before === undefined || after === undefined) return undefined;
  try {
    return compareSql(before, after);
  } catch (cause) {
    if (isEarly(cause)) return undefined;
    throw cause;
  }
}

/** A schedule in words, or why it is none; `unsaid` until the second module is there. */
export type ScheduleWords =
  | { readonly kind: "unsaid" }
  | { readonly kind: "runs"; readonly description: ScheduleDescription }
  | { readonly kind: "unreadable"; readonly error: HandoffError };

export function scheduleWords(cron: string, timezone: string, after: number): ScheduleWords {
  const key = `${after} ${timezone} ${cron}`;
  const known = said.get(key);
  if (known) return known;
  const words = describe(cron, timezone, after);
  if (words.kind === "unsaid") return words;
  if (said.size >= 20) said.clear();
  said.set(key, words);
  return words;
}

/** What was said last: a page says the same schedule in several places, and again with each key stroke elsewhere. */
const said = new Map<string, ScheduleWords>();

function describe(cron: string, timezone: string, after: number): ScheduleWords {
  try {
    return { kind: "runs", description: describeSchedule(cron, { timezone, after, count: 5 }) };
  } catch (cause) {
    return isEarly(cause) ? { kind: "unsaid" } : { kind: "unreadable", error: toHandoffError(cause) };
  }
}

function isEarly(cause: unknown): boolean {
  return toHandoffError(cause).code === "not_initialised";
}
