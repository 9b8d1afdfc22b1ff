/** What the server answers about plans, runs and audit. Ids are texts, times RFC 3339 in UTC. */
import type { PatternType, Plan } from "genie-handoff";
import type { components } from "./schema";

export type { PatternType, Plan };

/** From `worker/openapi.json`. What has no route in it yet is written down below. */
type Schemas = components["schemas"];

/** Where a plan stands. */
export type PlanState = "draft" | "deployed" | "paused" | "archived";

/** A plan in a list. `source` and `target` are `catalog.schema.table`; version and hash are those of the newest. */
export type PlanSummary = Schemas["PlanSummary"];

/** A plan with its newest version. */
export type PlanRecord = Omit<Schemas["PlanRecord"], "plan"> & { readonly plan: Plan };

/** How a version differs from the one before it. */
export type VersionChange = "first" | "major" | "minor" | "patch";

export type PlanVersion = Schemas["PlanVersion"];
export type PlanVersionRecord = Omit<Schemas["PlanVersionRecord"], "plan"> & { readonly plan: Plan };

export type Deployment = Schemas["Deployment"];

export type RunState =
  | "waiting"
  | "running"
  | "cancelling"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "skipped"
  | "unknown";

export interface RunStage {
  readonly name: string;
  readonly state: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** Counts as texts: a table can have more rows than a JavaScript number holds. */
export interface RunRows {
  readonly inserted: string | null;
  readonly updated: string | null;
  readonly deleted: string | null;
  readonly affected: string | null;
}

export interface Run {
  readonly run_id: string;
  readonly plan_id: string;
  readonly version: string;
  readonly plan_hash: string;
  readonly job_id: string;
  readonly run_url: string | null;
  readonly trigger: "manual" | "schedule" | "repair";
  readonly state: RunState;
  /** As Databricks writes it. */
  readonly upstream_state: string;
  readonly message: string | null;
  readonly queued_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly duration_ms: number | null;
  readonly stages: readonly RunStage[];
  readonly rows: RunRows | null;
  readonly feedback: "sent" | "off" | "not_applicable" | "failed" | "pending";
}

export type LineageKind = "session" | "handoff" | "plan_version" | "job" | "run" | "table";

export interface LineageNode {
  readonly id: string;
  readonly kind: LineageKind;
  readonly label: string;
  readonly url: string | null;
  readonly at: string | null;
  readonly state: string | null;
}

export interface LineageColumn {
  readonly target: string;
  readonly sources: readonly { readonly table: string; readonly column: string }[];
  readonly how: string;
}

export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly columns: readonly LineageColumn[];
}

/** `seq` is the place in the chain, from 1. */
export type AuditEntry = Schemas["AuditEntry"];

/** Whether the audit is what was written. */
export type AuditChain = Schemas["AuditState"];

export type Role = "viewer" | "author" | "deployer";

/** Who the server takes this page for. */
export type Me = Schemas["Me"];

/** One thing that a permission allows or lacks; `grant` is the statement that would give it. */
export type Check = Schemas["Check"];

/** What a preview found; each part says for itself whether it was done. */
export type Preview = Schemas["Preview"];
