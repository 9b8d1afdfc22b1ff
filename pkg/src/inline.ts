/** Everything in JavaScript: Node, server bundles, and pages that cannot serve a `.wasm` file. */
export * from "./api.js";

import { makeExportPlan } from "./export.js";
import { base64 } from "./generated/inline-bytes.js";
import { base64 as suggestBase64 } from "./generated/inline-suggest.js";
import { makeInit } from "./runtime.js";
import { makeInitSuggest, makeReadSql, makeSuggestPlan } from "./suggest.js";

const bytes = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export const init = makeInit(() => bytes(base64));

const suggest = () => bytes(suggestBase64);
export const initSuggest = /* @__PURE__ */ makeInitSuggest(suggest);
export const suggestPlan = /* @__PURE__ */ makeSuggestPlan(suggest);
export const readSql = /* @__PURE__ */ makeReadSql(suggest);
export const exportPlan = /* @__PURE__ */ makeExportPlan(suggest);
