/** What the server answers about plans, runs and audit. Ids are texts, times RFC 3339 in UTC. */
import type { Finding, PatternType, Plan } from "genie-handoff";

export type { PatternType, Plan };

/** Where a plan stands. */
export type PlanState = "draft" | "deployed" | "paused" | "archived";

/** A plan in a list. */
export interface PlanSummary {
  readonly plan_id: string;
  readonly plan_name: string;
  /** Of its newest version. */
  readonly version: string;
  readonly plan_hash: string;
  readonly state: PlanState;
  readonly pattern: PatternType;
  /** `catalog.schema.table`. */
  readonly source: string;
  readonly target: string;
  readonly owner: string;
  readonly handoff_id: string | null;
  readonly created_at: string;
  readonly created_by: string;
  readonly updated_at: string;
  readonly updated_by: string;
  readonly deployment: Deployment | null;
}

/** A plan with its newest version. */
export interface PlanRecord extends PlanSummary {
  readonly plan: Plan;
}

/** How a version differs from the one before it. */
export type VersionChange = "first" | "major" | "minor" | "patch";

export interface PlanVersion {
  readonly version: string;
  readonly plan_hash: string;
  readonly change: VersionChange;
  readonly created_at: string;
  readonly created_by: string;
  readonly note: string | null;
  readonly handoff_id: string | null;
}

export interface PlanVersionRecord extends PlanVersion {
  readonly plan: Plan;
}

export interface DeploymentStep {
  readonly name: string;
  readonly state: "done" | "failed" | "skipped" | "running";
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly message?: string | null;
}

export interface DeployedSchedule {
  /** Quartz: six or seven fields, Sunday is 1. */
  readonly quartz: string;
  readonly timezone: string;
  readonly paused: boolean;
  readonly words: string;
}

export interface Deployment {
  readonly deployment_id: string;
  readonly plan_id: string;
  readonly version: string;
  readonly plan_hash: string;
  readonly job_id: string | null;
  readonly job_url: string | null;
  readonly file_path: string | null;
  readonly state: "deployed" | "paused" | "undeployed" | "failed" | "in_progress";
  /** Whether this deployment made the job. */
  readonly created: boolean;
  readonly run_as: string | null;
  readonly schedule: DeployedSchedule | null;
  readonly deployed_at: string;
  readonly deployed_by: string;
  readonly steps: readonly DeploymentStep[];
}

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

export interface AuditEntry {
  /** Place in the chain, from 1. */
  readonly seq: number;
  readonly at: string;
  readonly action: string;
  readonly phase: "before" | "after" | "only";
  readonly outcome: "started" | "ok" | "failed" | "refused" | "unknown";
  readonly caller: string;
  readonly request_id: string;
  readonly plan_id: string | null;
  readonly version: string | null;
  readonly plan_hash: string | null;
  readonly handoff_id: string | null;
  readonly genie_session: string | null;
  readonly detail: Readonly<Record<string, string>>;
  readonly prev_hash: string;
  readonly hash: string;
}

/** Whether the audit is what was written. */
export interface AuditChain {
  readonly state: "intact" | "broken";
  readonly entries: number;
  readonly head_hash: string | null;
  readonly problem: { readonly seq: number; readonly kind: "changed" | "removed" | "reordered" } | null;
}

export type Role = "viewer" | "author" | "deployer";

/** Who the server takes this page for. */
export interface Me {
  readonly caller: string;
  readonly name: string;
  readonly kind: "open" | "token" | "access" | "databricks";
  readonly roles: readonly Role[];
  readonly run_as: string | null;
  readonly sign_in: { readonly available: boolean };
  readonly expires_at: string | null;
}

/** One thing that a permission allows or lacks. */
export interface Check {
  readonly id: string;
  readonly what: string;
  readonly state: "ok" | "missing" | "not_checked";
  readonly principal: { readonly name: string; readonly role: "caller" | "run_as" } | null;
  readonly privilege?: string | null;
  readonly securable?: string | null;
  readonly message: string;
  /** The statement that would give it. */
  readonly grant?: string | null;
}

/** What a preview found; each part says for itself whether it was done. */
export interface Preview {
  readonly plan_id: string;
  readonly version: string | null;
  readonly plan_hash: string;
  readonly sql: string;
  readonly statements: readonly { readonly name: string; readonly purpose: string; readonly sql: string }[];
  readonly warnings: readonly Finding[];
  readonly explain: {
    readonly state: "ok" | "failed" | "not_run" | "warehouse_starting" | "timed_out";
    readonly text: string | null;
    readonly message: string | null;
    readonly duration_ms: number | null;
  };
  readonly counts: readonly {
    readonly name: string;
    readonly label: string;
    readonly state: string;
    readonly value: string | null;
    readonly message: string | null;
    readonly duration_ms: number | null;
  }[];
  readonly warehouse: {
    readonly warehouse_id: string;
    readonly name: string | null;
    readonly state: string | null;
  };
}
