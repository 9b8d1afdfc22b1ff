/** Plans as files for elsewhere. */
import type { Plan } from "./contracts.js";
import { HandoffError } from "./errors.js";
import type { ExportedPlan, ExportOptions } from "./generated/types.js";
import { ask, textOf } from "./json.js";

/**
 * `sql`: one file. `bundle`: a Declarative Automation Bundle, formerly Asset Bundle. `dbt`: a model for dbt-databricks with
 * its properties. `plan`: the plan as JSON.
 */
export type ExportKind = "sql" | "bundle" | "dbt" | "plan";

/**
 * A plan as files. Equal plans and options give equal bytes; who and when are written only if they are given.
 *
 * @throws {HandoffError} `plan_invalid` with all `issues`, `export_name_unwritable`.
 */
export function exportPlan(plan: Plan, kind: ExportKind, options: ExportOptions = {}): ExportedPlan {
  if (typeof kind !== "string") {
    throw new HandoffError("invalid_argument", "The kind is not a text.", { path: "kind" });
  }
  const text = textOf(plan, "plan");
  const choices = textOf(options, "options");
  return ask((wasm) => wasm.exportPlan(text, kind, choices));
}
