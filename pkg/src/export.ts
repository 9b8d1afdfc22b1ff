/** Plans as files for elsewhere. */
import type { Plan } from "./contracts.js";
import { HandoffError } from "./errors.js";
import type { ExportedPlan, ExportOptions } from "./generated/suggest-types.js";
import { textOf } from "./json.js";
import type { OwnSource } from "./runtime.js";
import { askSuggest } from "./suggest.js";

/**
 * `sql`: one file. `bundle`: a Declarative Automation Bundle, formerly Asset Bundle. `dbt`: a model for dbt-databricks with
 * its properties. `plan`: the plan as JSON.
 */
export type ExportKind = "sql" | "bundle" | "dbt" | "plan";

/** See `exportPlan` in the entries. */
export type ExportPlan = (plan: Plan, kind: ExportKind, options?: ExportOptions) => Promise<ExportedPlan>;

/** Exports are in the second module: nobody exports before a page has long been there. */
export function makeExportPlan(own: OwnSource): ExportPlan {
  return async (plan, kind, options = {}) => {
    if (typeof kind !== "string") {
      throw new HandoffError("invalid_argument", "The kind is not a text.", { path: "kind" });
    }
    const text = textOf(plan, "plan");
    const choices = textOf(options, "options");
    return askSuggest(own, (wasm) => wasm.exportPlan(text, kind, choices));
  };
}
