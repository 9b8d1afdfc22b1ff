/** Everything in JavaScript: Node, server bundles, and pages that cannot serve a `.wasm` file. */
export * from "./api.js";

import { base64 } from "./generated/inline-bytes.js";
import { makeInit } from "./runtime.js";

export const init = makeInit(() => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
