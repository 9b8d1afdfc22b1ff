/** What a review asks of the server beside plans and runs. */
import type { HandoffContext } from "../api";
import { callObject, path } from "../api/call";
import type { Check, Deployment, PlanRecord, Preview, Run } from "../api/types";

export type { Check, Deployment, PlanRecord, Preview, Run };

/** A handoff that the server keeps, with the link's payload. */
export interface StoredHandoff {
  readonly handoff_id: string;
  readonly payload: string;
  readonly created_by?: string | null;
}

export async function readHandoff(id: string, signal?: AbortSignal): Promise<StoredHandoff> {
  return callObject<StoredHandoff>({ path: path`/api/handoffs/${id}`, ...(signal && { signal }) });
}

/** What the accounts may do that a plan for this context needs. */
export async function checkPermissions(
  context: HandoffContext,
  signal?: AbortSignal,
): Promise<readonly Check[]> {
  const { checks } = await callObject<{ checks?: readonly Check[] }>({
    method: "POST",
    path: "/api/handoffs/validate",
    body: { context },
    ...(signal && { signal }),
  });
  return Array.isArray(checks) ? checks : [];
}

/** States of a run that do not change any more. */
export const ended: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled", "skipped"]);
