/** Plain values to JSON text and back, on the way into wasm. */
import { HandoffError } from "./errors.js";
import { call } from "./runtime.js";

type Wasm = Parameters<Parameters<typeof call>[0]>[0];

/** The JSON of an argument. */
export function textOf(value: unknown, path: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new HandoffError("invalid_argument", `The ${path} cannot be written as JSON.`, { cause, path });
  }
  if (text === undefined) {
    throw new HandoffError("invalid_argument", `The ${path} is missing.`, { path });
  }
  return text;
}

/** Calls a function that answers with JSON. */
export function ask<T>(run: (wasm: Wasm) => string): T {
  return JSON.parse(call(run)) as T;
}
