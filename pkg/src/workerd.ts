/** Cloudflare Workers do not compile bytes at run time; they import a compiled module. */
export * from "./api.js";

import module from "./handoff_bg.wasm";
import { makeInit } from "./runtime.js";

export const init = makeInit(() => module);
