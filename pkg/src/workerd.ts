/** Cloudflare Workers do not compile bytes at run time; they import a compiled module. */
export * from "./api.js";

import { makeExportPlan } from "./export.js";
import module from "./handoff_bg.wasm";
import { makeInit } from "./runtime.js";
import { makeInitSuggest, makeReadSql, makeSuggestPlan } from "./suggest.js";
import suggestModule from "./suggest_bg.wasm";

export const init = makeInit(() => module);

const suggest = () => suggestModule;
export const initSuggest = /* @__PURE__ */ makeInitSuggest(suggest);
export const suggestPlan = /* @__PURE__ */ makeSuggestPlan(suggest);
export const readSql = /* @__PURE__ */ makeReadSql(suggest);
export const exportPlan = /* @__PURE__ */ makeExportPlan(suggest);
