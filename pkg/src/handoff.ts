/** Contexts and links. */
import type { Catalog, HandoffContext } from "./contracts.js";
import { HandoffError } from "./errors.js";
import type {
  DecodedHandoff,
  EncodedHandoff,
  EncodeOptions,
  Readiness,
  RedactedContext,
} from "./generated/types.js";
import { ask, textOf } from "./json.js";

/**
 * Takes data out of a context: literals, comments and hints of its queries, everything but counts and column names of
 * its summaries. Encoding does this by itself; twice is the same as once.
 */
export function redactContext(context: HandoffContext): RedactedContext {
  const text = textOf(context, "context");
  return ask((wasm) => wasm.redactContext(text));
}

/**
 * Makes a link. The context is redacted first, there is no way around it; equal contexts give equal links. Without
 * `baseUrl` the link points to the page's own origin, and outside of a page it is relative.
 */
export function encodeHandoff(context: HandoffContext, options: EncodeOptions = {}): EncodedHandoff {
  const text = textOf(context, "context");
  const origin = globalThis.location?.origin;
  const own = origin?.startsWith("http") ? { baseUrl: origin } : {};
  const choices = textOf({ ...own, ...options }, "options");
  return ask((wasm) => wasm.encodeHandoff(text, choices));
}

/**
 * Opens a link, a payload, or one of the JSON forms that other tools make. What comes out is untrusted, whatever its
 * signature says: show it, check it, never run it.
 */
export function decodeHandoff(linkOrPayload: string): DecodedHandoff {
  if (typeof linkOrPayload !== "string") {
    throw new HandoffError("invalid_argument", "The link is not a text.", { path: "linkOrPayload" });
  }
  return ask((wasm) => wasm.decodeHandoff(linkOrPayload));
}

/** Whether a plan can be built on a context. Without a catalog it says what it could not check. */
export function checkReadiness(context: HandoffContext, catalog?: Catalog): Readiness {
  const text = textOf(context, "context");
  const known = catalog === undefined ? "" : textOf(catalog, "catalog");
  return ask((wasm) => wasm.checkReadiness(text, known));
}
