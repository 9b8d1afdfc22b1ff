/** Types of every entry; each entry provides `init` with its own default. */
export * from "./api.js";

import type { WasmSource } from "./source.js";

/**
 * Loads the WebAssembly, once. Later and concurrent calls share the first; after a failure it can be called again.
 *
 * Without a source each entry knows its own: the file beside the JavaScript (browsers), bytes inside the JavaScript
 * (`genie-handoff/inline`, Node), a module import (Workers).
 */
export declare function init(source?: WasmSource | Promise<WasmSource>): Promise<void>;
