/** What a SQLPilot block makes of a link. Pure. */
import { namedId, storedId } from "../handoff/address";

/**
 * Where the review of a link opens: always on this server, wherever the link leads, because its content travels in it.
 * A text that is no link is taken for the payload alone; the page there says so if it is not.
 */
export function reviewAddress(link: string): string {
  const id = storedId(link);
  if (id !== undefined) return `/h/${id}`;
  const payload = /[?#&]context=([^&#\s]+)/.exec(link)?.[1] ?? encodeURIComponent(link.trim());
  const named = namedId(link);
  return `/handoff#context=${payload}${named === undefined ? "" : `&handoff=${named}`}`;
}

/** The first line of an intent, short enough for a title. */
export function titleOf(intent: string): string {
  const line = intent.trim().split("\n", 1)[0]?.trim() ?? "";
  return line.length > 60 ? `${line.slice(0, 59).trimEnd()}…` : line;
}
