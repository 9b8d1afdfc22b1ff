/** What follows from the states of runs. Pure. */
import type { Run, RunState } from "../../api/types";

const moving: ReadonlySet<RunState> = new Set(["waiting", "running", "cancelling"]);

/** Whether the run may still change by itself. An unknown state may. */
export function isMoving({ state }: Pick<Run, "state">): boolean {
  return moving.has(state) || state === "unknown";
}

export function canCancel({ state }: Pick<Run, "state">): boolean {
  return state === "waiting" || state === "running" || state === "unknown";
}

/** Whether Databricks has something of it to run again. */
export function canRepair({ state }: Pick<Run, "state">): boolean {
  return state === "failed" || state === "cancelled";
}

/** Seconds between two looks at the runs: close while something moves, now and then for a schedule. */
export function pollEvery(runs: readonly Run[], deployed: boolean): number | undefined {
  if (runs.some(isMoving)) return 4;
  return deployed ? 30 : undefined;
}

/** The runs whose state is another one than before, for telling people. */
export function changedRuns(before: readonly Run[], now: readonly Run[]): Run[] {
  const known = new Map(before.map((run) => [run.run_id, run.state]));
  return now.filter((run) => known.has(run.run_id) && known.get(run.run_id) !== run.state);
}
