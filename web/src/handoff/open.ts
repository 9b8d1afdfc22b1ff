/** Opens a link: decode, check who made it, and only then show it. */
import {
  type DecodedHandoff,
  inspectContext,
  openLink,
  readKeys,
  type SignatureState,
  toHandoffError,
  verifyHandoff,
} from "../api";
import { readHandoff } from "../review/server";
import { storedId } from "./address";
import type { HandoffAction, Trust } from "./state";

/**
 * Reports how opening goes, the result last. Nothing of the content is reported before the signature was looked at, so a
 * link that was tampered with is never on the screen, not even for a moment.
 *
 * `signal` ends it in silence; `skip` ends only the wait for the server's keys.
 */
export async function openHandoff(
  link: string,
  report: (action: HandoffAction) => void,
  signal: AbortSignal,
  skip: AbortSignal,
): Promise<void> {
  const tell = (action: HandoffAction) => {
    if (!signal.aborted) report(action);
  };
  try {
    const id = storedId(link);
    const kept = id === undefined ? undefined : await readHandoff(id, signal);
    const decoded = await openLink(kept?.payload ?? link);
    const { signature } = decoded;
    if (signature.state !== "unsigned") tell({ type: "checking", at: Date.now() });
    const trust = await check(decoded, AbortSignal.any([signal, skip]));
    if (trust === "tampered") {
      tell({ type: "tampered", host: signature.audience ?? "" });
      return;
    }
    const inspection = await inspectContext(decoded.context);
    tell({
      type: "shown",
      handoff: {
        context: inspection.context,
        decoded,
        inspection,
        trust,
        ...(kept && {
          stored: { id: kept.handoff_id, ...(kept.created_by && { by: kept.created_by }) },
        }),
      },
    });
  } catch (cause) {
    tell({ type: "failed", error: toHandoffError(cause) });
  }
}

async function check({ signature }: DecodedHandoff, signal: AbortSignal): Promise<Trust | SignatureState> {
  if (signature.state === "unsigned") return "unsigned";
  const published = await readKeys(signal);
  if (published.kind === "unreachable") return "unreachable";
  if (published.kind === "none") return "no_keys";
  return verifyHandoff(signature, { keys: published.keys });
}
