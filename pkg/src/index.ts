/** Types of every entry; each entry provides these functions with its own place of the wasm. */
export * from "./api.js";

import type { HandoffContext, Plan } from "./contracts.js";
import type { ExportKind } from "./export.js";
import type {
  ExportedPlan,
  ExportOptions,
  QueryReading,
  SuggestedPlan,
  SuggestOptions,
} from "./generated/suggest-types.js";
import type { WasmSource } from "./source.js";

/**
 * Loads the WebAssembly, once. Later and concurrent calls share the first; after a failure it can be called again.
 *
 * Without a source each entry knows its own: the file beside the JavaScript (browsers), bytes inside the JavaScript
 * (`genie-handoff/inline`, Node), a module import (Workers).
 */
export declare function init(source?: WasmSource | Promise<WasmSource>): Promise<void>;

/**
 * Loads the second module, as {@link init} does with the first. `describeSchedule` and `compareSql` answer at once and need
 * it before; `suggestPlan`, `readSql` and `exportPlan` call it by themselves.
 */
export declare function initSuggest(source?: WasmSource | Promise<WasmSource>): Promise<void>;

/**
 * A draft of a plan for a context, with its reasons and with what only a person can say. Nothing is invented: what the
 * context does not tell is left out of the plan and asked in `open`. Id and `created_at` are made unless `options` has
 * them; with equal options equal contexts give equal drafts. Needs no {@link init}.
 *
 * @throws {HandoffError} `json_invalid`, `context_invalid`, `option_invalid`, and what loading may give.
 */
export declare function suggestPlan(
  context: HandoffContext,
  options?: SuggestOptions,
): Promise<SuggestedPlan>;

/**
 * What one read-only query reads and does. `columns` may name columns of tables (`catalog.schema.table`), so that a
 * column without a qualifier finds its table in a join. Needs no {@link init}.
 *
 * @throws {HandoffError} `query_*` for everything that is not exactly one query that only reads.
 */
export declare function readSql(
  sql: string,
  columns?: Readonly<Record<string, readonly string[]>>,
): Promise<QueryReading>;

/**
 * A plan as files. Equal plans and options give equal bytes; who and when are written only if they are given. Needs no
 * {@link init}.
 *
 * @throws {HandoffError} `plan_invalid` with all `issues`, `export_name_unwritable`, and what loading may give.
 */
export declare function exportPlan(
  plan: Plan,
  kind: ExportKind,
  options?: ExportOptions,
): Promise<ExportedPlan>;
