/**
 * Suggesting plans, reading Genie's SQL, exports, comparisons and schedules: a second wasm module, larger than the first.
 * It is loaded when it is first asked, so that pages which only open links never carry it.
 */
import type { HandoffContext } from "./contracts.js";
import { HandoffError } from "./errors.js";
import type { QueryReading, SuggestedPlan, SuggestOptions } from "./generated/suggest-types.js";
import { textOf } from "./json.js";
import { type OwnSource, runtimeOf } from "./runtime.js";
import type { WasmSource } from "./source.js";

type Glue = typeof import("./generated/suggest.js");

// The glue comes with the module: a page that never asks loads neither.
const runtime = /* @__PURE__ */ runtimeOf<Glue>(
  () => import("./generated/suggest.js"),
  "suggest_bg.wasm",
  "initSuggest",
);

/** Loads the second module from `source`, or from where the entry has it; see {@link runtimeOf}. */
export type InitSuggest = (source?: WasmSource | Promise<WasmSource>) => Promise<void>;
/** See `suggestPlan` in the entries. */
export type SuggestPlan = (context: HandoffContext, options?: SuggestOptions) => Promise<SuggestedPlan>;
/** See `readSql` in the entries. */
export type ReadSql = (
  sql: string,
  columns?: Readonly<Record<string, readonly string[]>>,
) => Promise<QueryReading>;

// One function each and marked as pure: a bundle that does not suggest drops the module, which may be inlined.
export function makeInitSuggest(own: OwnSource): InitSuggest {
  return (source) => runtime.load(own, source);
}

export function makeSuggestPlan(own: OwnSource): SuggestPlan {
  return async (context, options = {}) => {
    const text = textOf(context, "context");
    const choices = suggestOptions(options);
    return askSuggest(own, (wasm) => wasm.suggestPlan(text, choices));
  };
}

export function makeReadSql(own: OwnSource): ReadSql {
  return async (sql, columns) => {
    if (typeof sql !== "string") {
      throw new HandoffError("invalid_argument", "The SQL is not a text.", { path: "sql" });
    }
    return askSuggest(own, (wasm) => wasm.readSql(sql, columns));
  };
}

/** Id and time are of this call; everything else that is missing stays open. */
export function suggestOptions(options: SuggestOptions): string {
  const now = new Date().toISOString();
  // An option that is there but undefined is as if it were not there.
  const defined = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return textOf({ now, planId: globalThis.crypto.randomUUID(), ...defined }, "options");
}

/** Starts the second module at once, with its glue; `initSuggestSync` is in `./suggest-sync.ts`. */
export function startSuggest(source: WebAssembly.Module | BufferSource, glue: Glue): void {
  runtime.loadSync(source, glue);
}

/** Calls a function of the second module. */
export function callSuggest<T>(run: (wasm: Glue) => T): T {
  return runtime.call(run);
}

/** Loads the module unless it is there, and calls a function that answers with JSON. */
export async function askSuggest<T>(own: OwnSource, run: (wasm: Glue) => string): Promise<T> {
  await runtime.load(own);
  return JSON.parse(callSuggest(run)) as T;
}
