/** What wasm knows of plans, loaded when it is first needed. Every function rejects with a `HandoffError`. */
import {
  compareSql,
  describeSchedule,
  diffPlans,
  type ExportedPlan,
  type ExportKind,
  explainPlan,
  exportPlan,
  type HighlightSpan,
  init,
  initSuggest,
  type Plan,
  type PlanChange,
  type PlanExplanation,
  renderLoad,
  type ScheduleDescription,
  type SqlLine,
} from "genie-handoff";

export type {
  ExportedPlan,
  ExportKind,
  HighlightSpan,
  PlanChange,
  PlanExplanation,
  ScheduleDescription,
  SqlLine,
};

/** A load and its colours. */
export interface Load {
  readonly sql: string;
  readonly highlight: readonly HighlightSpan[];
}

export async function loadOf(plan: Plan): Promise<Load> {
  await init();
  return renderLoad(plan);
}

export async function explain(plan: Plan): Promise<PlanExplanation> {
  await init();
  return explainPlan(plan);
}

export async function scheduleOf(cron: string, timezone: string): Promise<ScheduleDescription> {
  await initSuggest();
  return describeSchedule(cron, { timezone });
}

/** Two versions of a plan, compared: structure first, then SQL. */
export interface Comparison {
  readonly changes: readonly PlanChange[];
  /** Absent if one of the two cannot be written as SQL; without a change if they are the same. */
  readonly lines?: readonly SqlLine[];
}

export async function compare(before: Plan, after: Plan): Promise<Comparison> {
  await Promise.all([init(), initSuggest()]);
  const { changes, sql } = diffPlans(before, after);
  if (sql) return { changes, lines: compareSql(sql.before, sql.after) };
  try {
    renderLoad(before);
    const { sql: same } = renderLoad(after);
    return { changes, lines: compareSql(same, same) };
  } catch {
    return { changes };
  }
}

/** A plan as files for elsewhere, with who took it and when in their headers. */
export async function filesOf(plan: Plan, kind: ExportKind, by: string | undefined): Promise<ExportedPlan> {
  return exportPlan(plan, kind, { ...(by !== undefined && { by }), at: new Date().toISOString() });
}
