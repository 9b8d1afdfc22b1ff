/** The one place that names the package: the client of this page, and what its answers look like. */
import {
  createClient,
  type GenieSpace,
  type GenieSpaceSummary,
  type HandoffClient,
  HandoffError,
  type Health,
  init,
  parseSpaceReference,
} from "genie-handoff";
import { sessionToken } from "./shell/token";

export { type GenieSpace, type GenieSpaceSummary, type HandoffClient, HandoffError, type Health };

/** Calls to the worker that served this page. The token is read anew for each call. */
export const client: HandoffClient = createClient({ token: () => sessionToken.read() });

/**
 * The space that a pasted text names: an id, or a link from any Databricks host. The rule is the server's own,
 * in wasm, loaded when it is first needed. Rejects with a `HandoffError`.
 */
export async function readSpaceReference(text: string): Promise<string> {
  await init();
  return parseSpaceReference(text).space_id;
}

/** Any failure as the one error type; what is not ours would be a fault of this page. */
export function toHandoffError(cause: unknown): HandoffError {
  if (HandoffError.is(cause)) return cause;
  return new HandoffError("internal_error", "The page failed in a way that it should not.", { cause });
}
