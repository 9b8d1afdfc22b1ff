/** Browsers and bundlers: the wasm is a file beside this one. */
export * from "./api.js";

import { makeInit } from "./runtime.js";

// Exactly this form, without a variable or a folder: Vite, webpack 5 and Turbopack recognise it and carry the file.
export const init = makeInit(() => new URL("./handoff_bg.wasm", import.meta.url));
