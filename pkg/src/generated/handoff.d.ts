// Written by scripts/build.mjs. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
/* tslint:disable */
/* eslint-disable */

/**
 * All that a page needs after a key stroke, with one reading of the plan: `{report, sql?}`. Without `sql` either
 * the plan is not renderable, or [`render_load`] says why there is none.
 *
 * # Errors
 * As [`crate::plan_functions::validate_plan`], and `option_invalid`.
 */
export function checkPlan(document: string, choices: string): string;

/**
 * Whether a plan can be built on a context; `catalog` is JSON or empty.
 *
 * # Errors
 * `json_invalid`, `context_invalid`.
 */
export function checkReadiness(context: string, catalog: string): string;

/**
 * The context of a link, a payload or one of the forms that other tools make.
 *
 * # Errors
 * `link_*`, `json_invalid`, `context_invalid`, `too_large`.
 */
export function decodeHandoff(link: string): string;

/**
 * The differences of two plans.
 *
 * # Errors
 * `plan_not_json`, `plan_too_large`, `plan_repeated_key`.
 */
export function diffPlans(before: string, after: string): string;

/**
 * A link; see [`dto::EncodedHandoff`].
 *
 * # Errors
 * `json_invalid`, `context_invalid`, `too_large`, `base_invalid`, `option_invalid`.
 */
export function encodeHandoff(context: string, choices: string): string;

/**
 * A plan in plain words.
 *
 * # Errors
 * As [`render_sql`].
 */
export function explainPlan(document: string): string;

/**
 * The colours of any SQL text: start, end and kind in turn. Numbers, because thousands of small objects cost more to
 * write and to read than to find. The kinds are counted as in `kinds` of `pkg/src/plans.ts`.
 */
export function highlightSql(sql: string): Uint32Array;

/**
 * Reads an id of a space or a link to it, see [`SpaceId::from_reference`].
 *
 * # Errors
 * `{code, path, message, help}` with a code `space_reference_*`.
 */
export function parseSpaceReference(text: string): string;

/**
 * `{context, removed}`: the context without data.
 *
 * # Errors
 * `json_invalid`, `context_invalid`.
 */
export function redactContext(context: string): string;

/**
 * The load of a plan, as it is.
 *
 * # Errors
 * As [`crate::plan_functions::render_sql`].
 */
export function renderLoad(document: string, choices: string): string;

/**
 * The SQL of a plan; see [`dto::RenderedPlan`].
 *
 * # Errors
 * `plan_invalid` with all issues, `option_invalid`, and what a renderer may refuse.
 */
export function renderSql(document: string, choices: string): string;

/**
 * `{valid, renderable, hash, issues}`.
 *
 * # Errors
 * `plan_not_json`, `plan_too_large`, `plan_repeated_key`.
 */
export function validatePlan(document: string): string;

/**
 * Version of this module.
 */
export function version(): string;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly checkPlan: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly checkReadiness: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly decodeHandoff: (a: number, b: number) => [number, number, number, number];
    readonly diffPlans: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly encodeHandoff: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly explainPlan: (a: number, b: number) => [number, number, number, number];
    readonly highlightSql: (a: number, b: number) => [number, number];
    readonly parseSpaceReference: (a: number, b: number) => [number, number, number, number];
    readonly redactContext: (a: number, b: number) => [number, number, number, number];
    readonly renderLoad: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly renderSql: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly validatePlan: (a: number, b: number) => [number, number, number, number];
    readonly version: () => [number, number];
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
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
