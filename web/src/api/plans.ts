/** Plans: the registry, deployments, runs and lineage. Every function rejects with a `HandoffError`. */
import type { CallOptions } from "genie-handoff";
import { caller } from ".";
import { callList, callObject, callWithEtag, type ListCall, type Page, path } from "./call";
import type { paths } from "./schema";
import type {
  Deployment,
  Lineage,
  Plan,
  PlanRecord,
  PlanSummary,
  PlanVersion,
  PlanVersionRecord,
  Preview,
  Run,
} from "./types";

const root = "/api/plans" satisfies keyof paths;

export const listPlans = (call: ListCall): Promise<Page<PlanSummary>> => callList(root, "plans", call);

/** With the ETag that `updatePlan` wants. */
export const getPlan = (id: string, options: CallOptions = {}) =>
  callWithEtag<PlanRecord>({ path: path`/api/plans/${id}`, ...options });

/** What is kept beside a plan. */
export interface PlanWrite {
  readonly plan: Plan;
  readonly handoff_id?: string;
  /** Why, in a sentence. */
  readonly note?: string;
}

/** Keeps a plan as its first version. `plan_exists` if there is one of this id. */
export const createPlan = (body: PlanWrite, key: string, options: CallOptions = {}) =>
  callWithEtag<PlanRecord>({ method: "POST", path: root, body, idempotencyKey: key, ...options });

/** Makes a new version, unless nothing changed. `etag_stale` if somebody else was quicker. */
export const updatePlan = (id: string, body: PlanWrite, etag: string, options: CallOptions = {}) =>
  callWithEtag<PlanRecord>({
    method: "PUT",
    path: path`/api/plans/${id}`,
    body,
    ifMatch: etag,
    ...options,
  });

/** Takes a plan out of the lists; nothing is lost. `plan_is_deployed` while it has a job. */
export async function archivePlan(id: string, etag?: string): Promise<void> {
  await caller.request({
    method: "DELETE",
    path: path`/api/plans/${id}`,
    ...(etag !== undefined && { ifMatch: etag }),
  });
}

export const listVersions = (id: string, call: ListCall = {}): Promise<Page<PlanVersion>> =>
  callList(path`/api/plans/${id}/versions`, "versions", call);

export const getVersion = (id: string, version: string, options: CallOptions = {}) =>
  callObject<PlanVersionRecord>({ path: path`/api/plans/${id}/versions/${version}`, ...options });

/** What a preview is asked for. Without `plan` and `version`: the newest version. */
export interface PreviewRequest {
  readonly version?: string;
  readonly plan?: Plan;
  readonly counts?: boolean;
  readonly warehouse_id?: string;
}

/** Never writes. */
export const previewPlan = (id: string, body: PreviewRequest, options: CallOptions = {}) =>
  callObject<Preview>({ method: "POST", path: path`/api/plans/${id}/preview`, body, ...options });

/** What is deployed is what was looked at: the version and the hash of what was shown. */
export interface DeployRequest {
  readonly plan_hash: string;
  readonly version: string;
  readonly paused?: boolean;
}

export const deployPlan = (id: string, body: DeployRequest, key: string, options: CallOptions = {}) =>
  callObject<Deployment>({
    method: "POST",
    path: path`/api/plans/${id}/deploy`,
    body,
    idempotencyKey: key,
    ...options,
  });

const act =
  (action: string) =>
  (id: string, key: string, options: CallOptions = {}) =>
    callObject<Deployment>({
      method: "POST",
      path: `${path`/api/plans/${id}`}/${action}`,
      body: {},
      idempotencyKey: key,
      ...options,
    });

export const pausePlan = act("pause");
export const resumePlan = act("resume");
/** Deletes the job. The plan and its history stay. */
export const undeployPlan = act("undeploy");

export const listDeployments = (id: string, call: ListCall = {}): Promise<Page<Deployment>> =>
  callList(path`/api/plans/${id}/deployments`, "deployments", call);

export const startRun = (id: string, key: string, options: CallOptions = {}) =>
  callObject<Run>({
    method: "POST",
    path: path`/api/plans/${id}/runs`,
    body: {},
    idempotencyKey: key,
    ...options,
  });

export const listRuns = (id: string, call: ListCall = {}): Promise<Page<Run>> =>
  callList(path`/api/plans/${id}/runs`, "runs", call);

export const getRun = (id: string, run: string, options: CallOptions = {}) =>
  callObject<Run>({ path: path`/api/plans/${id}/runs/${run}`, ...options });

const actOnRun =
  (action: string) =>
  (id: string, run: string, key: string, options: CallOptions = {}) =>
    callObject<Run>({
      method: "POST",
      path: `${path`/api/plans/${id}/runs/${run}`}/${action}`,
      body: {},
      idempotencyKey: key,
      ...options,
    });

export const cancelRun = actOnRun("cancel");
/** Runs again what failed, as a part of the same run. */
export const repairRun = actOnRun("repair");

export const getLineage = (id: string, options: CallOptions = {}) =>
  callObject<Lineage>({ path: path`/api/plans/${id}/lineage`, ...options });
