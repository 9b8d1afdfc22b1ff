// Written by scripts/build.mjs. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
/* tslint:disable */
/* eslint-disable */

/**
 * How the lines of two texts of SQL compare, without the comment above them. First how many lines each comment has, then
 * runs of lines: the kind (0 the same, 1 removed, 2 added) and how many.
 */
export function compareSql(before: string, after: string): Uint32Array;

/**
 * A Quartz expression in words with its next runs. `after` is in seconds since 1970.
 *
 * # Errors
 * `cron_invalid`.
 */
export function describeSchedule(cron: string, after: number, count: number, zone: any): string;

/**
 * The files of a plan; see [`dto::ExportedPlan`]. `kind` is `sql`, `bundle`, `dbt` or `plan`.
 *
 * # Errors
 * `plan_invalid` with all issues, `option_invalid`, `export_name_unwritable`, and what a renderer may refuse.
 */
export function exportPlan(document: string, kind: string, choices: string): string;

/**
 * What one query reads and does; `columns` is an object, table to column names, or undefined.
 *
 * # Errors
 * `query_*`, `option_invalid`.
 */
export function readSql(sql: string, columns: any): string;

/**
 * A plan for a context; see [`dto::SuggestedPlan`]. Queries that cannot be read are named and read lightly.
 *
 * # Errors
 * `json_invalid`, `context_invalid`, `option_invalid`.
 */
export function suggestPlan(context: string, choices: string): string;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly compareSql: (a: number, b: number, c: number, d: number) => [number, number];
    readonly describeSchedule: (a: number, b: number, c: number, d: number, e: any) => [number, number, number, number];
    readonly exportPlan: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number, number];
    readonly readSql: (a: number, b: number, c: any) => [number, number, number, number];
    readonly suggestPlan: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
