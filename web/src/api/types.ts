/** What the server answers about plans, runs and audit. Ids are texts, times RFC 3339 in UTC. */
import type { PatternType, Plan } from "genie-handoff";
import type { components } from "./schema";

export type { PatternType, Plan };

/** From `worker/openapi.json`. */
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

export type Run = Schemas["Run"];
export type RunState = Run["state"];
/** Counts as texts: a table can have more rows than a JavaScript number holds. */
export type RunRows = NonNullable<Run["rows"]>;

export type Lineage = Schemas["Lineage"];
export type LineageNode = Lineage["nodes"][number];
export type LineageKind = LineageNode["kind"];

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
