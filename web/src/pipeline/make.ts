/** How a link comes about: the server's own if it makes links, else one that this page makes. */
import {
  type CreatedHandoff,
  type Finding,
  type GenieSpace,
  HandoffError,
  inspectContext,
  makeLink,
  openLink,
  toHandoffError,
} from "../api";
import { callObject } from "../api/call";
import { client } from "../api/genie";
import type { Session } from "../conversations/Messages";
import { withId } from "../handoff/address";
import { contextOfSpace } from "./context";

/** How far links of some length travel, in characters; `over` is beyond what can be relied on. */
export type Step = "2000" | "4000" | "8000" | "over";

/** Why a link carries no signature. */
export type Unsigned =
  /** This server makes no links. */
  | "no-route"
  /** The server did not answer. */
  | "offline"
  /** The server made the link and has no key to sign it with. */
  | "no-key"
  /** Somebody asked for it after the server had refused. */
  | "chosen";

/** A link and what is known about it. */
export interface MadeLink {
  readonly url: string;
  /** Characters. */
  readonly length: number;
  readonly step: Step;
  /** Absent when the link is signed, or kept by the server. */
  readonly unsigned?: Unsigned;
  /** What is missing in what travels. */
  readonly findings: readonly Finding[];
}

/** Failures in which the page can do what the server could not. All others are for people to decide about. */
export function fallbackFor(error: HandoffError): Unsigned | undefined {
  if (error.status === 404 && error.code === "route_unknown") return "no-route";
  if (error.status === undefined && (error.code === "network_error" || error.code === "timeout"))
    return "offline";
  return undefined;
}

/** Asks the server for a link; makes one here if it makes none. Rejects with a `HandoffError`. */
export async function requestLink(
  space: GenieSpace,
  intent: string,
  signal: AbortSignal,
  now: () => Date = () => new Date(),
  session?: Session,
): Promise<MadeLink> {
  try {
    const made = session
      ? await createFromSession(space, intent, session, signal)
      : await client.createHandoff({ spaceId: space.space_id, userIntent: intent.trim() }, { signal });
    const unsigned = await isUnsigned(made.url);
    const url = withId(made.url, made.handoff_id);
    return {
      url,
      length: url.length,
      step: stepOf(url.length),
      ...(unsigned && { unsigned: "no-key" as const }),
      findings: made.readiness.issues,
    };
  } catch (cause) {
    const error = toHandoffError(cause);
    const why = fallbackFor(error);
    if (why === undefined || signal.aborted) throw error;
    const own = await makeOwnLink(space, intent, why, now(), session);
    return why === "no-route" ? signed(own, signal) : own;
  }
}

/** The server reads the conversation itself: what it finds there is more than a page could know. */
async function createFromSession(
  space: GenieSpace,
  intent: string,
  { conversationId, messageIds }: Session,
  signal: AbortSignal,
): Promise<Pick<CreatedHandoff, "handoff_id" | "url" | "readiness">> {
  const made = await callObject<Pick<CreatedHandoff, "handoff_id" | "url" | "readiness">>({
    method: "POST",
    path: "/api/handoffs",
    body: {
      space_id: space.space_id,
      conversation_id: conversationId,
      message_ids: messageIds,
      user_intent: intent.trim(),
    },
    signal,
  });
  // The page turns the address into a link to press.
  if (typeof made.url === "string" && /^https?:\/\//i.test(made.url) && Array.isArray(made.readiness?.issues))
    return made;
  throw new HandoffError("invalid_response", "The server's answer holds no link.");
}

/** A link of this page with the server's signature; as it is when the server gives none. */
async function signed(own: MadeLink, signal: AbortSignal): Promise<MadeLink> {
  const at = own.url.indexOf("context=") + "context=".length;
  try {
    const { payload } = await client.signHandoff(own.url.slice(at), { signal });
    const url = own.url.slice(0, at) + payload;
    return { url, length: url.length, step: stepOf(url.length), findings: own.findings };
  } catch (cause) {
    const error = toHandoffError(cause);
    if (signal.aborted) throw error;
    return error.code === "signing_off" ? { ...own, unsigned: "no-key" } : own;
  }
}

/** Makes a link without the server. Rejects with a `HandoffError`. */
export async function makeOwnLink(
  space: GenieSpace,
  intent: string,
  why: Unsigned,
  now: Date,
  session?: Session,
): Promise<MadeLink> {
  const { url, length, step, context } = await makeLink(contextOfSpace(space, intent, now, session));
  const { readiness } = await inspectContext(context);
  return { url, length, step, unsigned: why, findings: readiness.issues };
}

/** A link that holds no payload is kept by the server, which is as good as a signature: nobody else can write there. */
async function isUnsigned(url: string): Promise<boolean> {
  if (!/[#?&]context=/.test(url)) return false;
  try {
    return (await openLink(url)).signature.state === "unsigned";
  } catch {
    // The link is there all the same; nothing is said in its favour that was not seen.
    return true;
  }
}

function stepOf(length: number): Step {
  if (length <= 2000) return "2000";
  if (length <= 4000) return "4000";
  return length <= 8000 ? "8000" : "over";
}
