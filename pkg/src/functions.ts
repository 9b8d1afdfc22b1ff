/** The functions that run in wasm: plain values in and out. */
import { HandoffError } from "./errors.js";
import type { SpaceReference } from "./generated/types.js";
import { ask } from "./json.js";
import { call } from "./runtime.js";

/**
 * Reads what people paste to name a Genie space: its id, or a link to it from any Databricks host.
 *
 * @throws {HandoffError} `space_reference_*` when it names no space, `not_initialised` before `init()`.
 */
export function parseSpaceReference(text: string): SpaceReference {
  if (typeof text !== "string") {
    throw new HandoffError("invalid_argument", "The space reference is not a text.", { path: "text" });
  }
  return ask((wasm) => wasm.parseSpaceReference(text));
}

/** Version of the wasm module. */
export function version(): string {
  return call((wasm) => wasm.version());
}
