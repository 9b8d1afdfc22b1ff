/** The second module at once. Apart from `./suggest.ts`, because it brings the glue along, which pages load when they need it. */
import * as glue from "./generated/suggest.js";
import { startSuggest } from "./suggest.js";

/** Starts the second module at once, for programs that have its bytes. */
export function initSuggestSync(source: WebAssembly.Module | BufferSource): void {
  startSuggest(source, glue);
}
