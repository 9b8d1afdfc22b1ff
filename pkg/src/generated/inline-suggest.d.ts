/** The wasm in base64; `scripts/build.mjs` writes the JavaScript. */
export declare const base64: string;
