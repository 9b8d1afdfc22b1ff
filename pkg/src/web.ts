/** Browsers and bundlers: the wasm is a file beside this one. */
export * from "./api.js";

import { makeExportPlan } from "./export.js";
import { makeInit } from "./runtime.js";
import { makeInitSuggest, makeReadSql, makeSuggestPlan } from "./suggest.js";

// Exactly this form, without a variable or a folder: Vite, webpack 5 and Turbopack recognise it and carry the file.
export const init = makeInit(() => new URL("./handoff_bg.wasm", import.meta.url));

const suggest = () => new URL("./suggest_bg.wasm", import.meta.url);
export const initSuggest = /* @__PURE__ */ makeInitSuggest(suggest);
export const suggestPlan = /* @__PURE__ */ makeSuggestPlan(suggest);
export const readSql = /* @__PURE__ */ makeReadSql(suggest);
export const exportPlan = /* @__PURE__ */ makeExportPlan(suggest);
