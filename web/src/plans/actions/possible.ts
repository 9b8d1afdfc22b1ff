/** What can be done with a plan. Pure. */
import type { PlanRecord } from "../../api/types";

export type PlanAction = "run" | "pause" | "resume" | "undeploy" | "archive" | "deploy";

/** Whether the plan has a job. */
export function hasJob({ state }: Pick<PlanRecord, "state">): boolean {
  return state === "deployed" || state === "paused";
}

/** The actions that make sense in this state, in the order in which they are shown. */
export function possibleActions(
  record: Pick<PlanRecord, "state" | "plan_hash" | "deployment">,
): PlanAction[] {
  const { state, deployment } = record;
  if (state === "archived") return [];
  if (!hasJob(record)) return ["archive", "deploy"];
  const actions: PlanAction[] = ["undeploy"];
  if (state === "paused") actions.push("resume");
  else if (deployment?.schedule) actions.push("pause");
  actions.push("run");
  if (deployment && deployment.plan_hash !== record.plan_hash) actions.push("deploy");
  return actions;
}
