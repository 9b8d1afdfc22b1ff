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
import { readHandoff, type StoredHandoff } from "../review/server";
import { namedId, storedId } from "./address";
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
    const [trust, named] = await Promise.all([
      check(decoded, AbortSignal.any([signal, skip])),
      kept ?? keptAs(link, decoded, AbortSignal.any([signal, skip])),
    ]);
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
        ...(named && {
          stored: { id: named.handoff_id, ...(named.created_by && { by: named.created_by }) },
        }),
      },
    });
  } catch (cause) {
    tell({ type: "failed", error: toHandoffError(cause) });
  }
}

/** Milliseconds after which a link is shown without asking whether the server keeps it. */
const keptTimeout = 3_000;

/**
 * The handoff that the link names, if the server keeps it with this very content. It says where the intent came from, so
 * that results can be told there; everything else is in the link, so any failure is as good as none.
 */
async function keptAs(
  link: string,
  decoded: DecodedHandoff,
  signal: AbortSignal,
): Promise<StoredHandoff | undefined> {
  const id = namedId(link);
  if (id === undefined) return undefined;
  try {
    const stored = await readHandoff(id, AbortSignal.any([signal, AbortSignal.timeout(keptTimeout)]));
    const { context } = await openLink(stored.payload);
    return JSON.stringify(context) === JSON.stringify(decoded.context) ? stored : undefined;
  } catch {
    return undefined;
  }
}

async function check({ signature }: DecodedHandoff, signal: AbortSignal): Promise<Trust | SignatureState> {
  if (signature.state === "unsigned") return "unsigned";
  const published = await readKeys(signal);
  if (published.kind === "unreachable") return "unreachable";
  if (published.kind === "none") return "no_keys";
  return verifyHandoff(signature, { keys: published.keys });
}
