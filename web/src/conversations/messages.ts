/** What the canvas shows of a conversation. Pure; everything in a message comes from elsewhere and may be missing. */
import type { GenieMessage } from "../api";
import { conversations } from "../strings/conversations";

/** How a message stands, in words, and what can be done. */
export interface MessageWords {
  readonly text: string;
  /** `answered`: it can be handed off. `working`: Genie is at it. `ended`: it has no answer. */
  readonly state: "answered" | "working" | "ended";
  /** What a person can take along to somebody else: a request for rights, or what happened. */
  readonly take?: "request" | "details";
}

/** The status of a message in words. A value that this version does not know counts as still working. */
export function messageWords({ status, error }: GenieMessage): MessageWords {
  const words = conversations.states;
  switch (status) {
    case "SUBMITTED":
    case "FETCHING_METADATA":
    case "FILTERING_CONTEXT":
      return { text: words.reading, state: "working" };
    case "ASKING_AI":
      return { text: words.writing, state: "working" };
    case "PENDING_WAREHOUSE":
      return { text: words.warehouse, state: "working" };
    case "EXECUTING_QUERY":
      return { text: words.running, state: "working" };
    case "COMPLETED":
      return { text: words.ready, state: "answered" };
    case "QUERY_RESULT_EXPIRED":
      return { text: words.expired, state: "answered" };
    case "CANCELLED":
      return { text: words.cancelled, state: "ended" };
    case "FAILED":
      return { ...failedWords(error), state: "ended" };
    default:
      return { text: words.unknown(status ?? ""), state: "working", take: "details" };
  }
}

function failedWords(error: GenieMessage["error"]): Pick<MessageWords, "text" | "take"> {
  const words = conversations.states;
  const type = error?.type ?? "";
  if (/RATE_LIMIT|TOO_MANY|THROTTL/.test(type)) return { text: words.busy };
  const reason = error?.error ?? type;
  if (/PERMISSION|ACCESS|FORBIDDEN/.test(type)) return { text: words.permission(reason), take: "request" };
  return { text: words.failed(reason), take: "details" };
}

/** What is copied for somebody else: what they need to help, and nothing that was asked or answered. */
export function takenAlong(
  { message_id: message, status, error }: GenieMessage,
  take: NonNullable<MessageWords["take"]>,
  conversation: string,
  space: string,
): string {
  const facts = [
    ["space", space],
    ["conversation", conversation],
    ["message", message],
    ["status", status],
    ["error", error?.type],
    ["reason", error?.error],
  ]
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}: ${value}`);
  return [...(take === "request" ? [conversations.request] : []), ...facts].join("\n");
}

/** Words with which people say that they want something again and again, or for others. */
const wanted =
  /\b(?:(?:every|each)\s+(?:\w+\s+)?(?:day|morning|night|evening|week|month|quarter|hour|minute|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:daily|hourly|nightly|weekly|monthly|quarterly)(?!\s+(?:rows?|values?|averages?|totals?|counts?|figures?|numbers?))|recurring|regularly|automat\w*|schedul\w*|refresh\w*|pipelines?|production|keep\s+\w*\s*up to date|incremental\w*|snapshots?)\b/i;

/** Whether a message says that something should be produced. Only offers a button: nothing follows from it by itself. */
export function statesIntent({ content }: GenieMessage): boolean {
  return typeof content === "string" && wanted.test(content);
}

/** The queries that Genie wrote for a message, in their order. */
export function queriesOf({ attachments }: GenieMessage): string[] {
  if (!Array.isArray(attachments)) return [];
  return attachments.flatMap((attachment) => {
    const query = (attachment as { query?: { query?: unknown } } | null)?.query?.query;
    return typeof query === "string" && query.trim() !== "" ? [query] : [];
  });
}
