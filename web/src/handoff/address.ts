/** The link in the page's address: taken out of it at once, and kept for this tab. */

/** Where the link of this tab is kept, so that a reload shows it again. */
const key = "genie-handoff.link";

/** What of the browser is used, for tests. */
export interface Tab {
  readonly location: Pick<Location, "href" | "pathname" | "hash" | "search">;
  readonly history: Pick<History, "replaceState">;
  readonly store: Storage | undefined;
}

/** For tabs whose storage is full or switched off: the link then lives until the page is reloaded. */
let memory: string | undefined;

/**
 * Takes a link out of the address: the fragment first, then the query. The whole address is kept, because reading it is the
 * codec's work. Afterwards the address bar holds the path alone, so that neither a screen, nor a bookmark, nor a later
 * page sees the link. Says whether there was one.
 */
export function takeLink({ location, history, store }: Tab): boolean {
  const { href, hash, search, pathname } = location;
  if (!names(hash) && !names(search)) return false;
  keepLink(href, store);
  history.replaceState(null, "", pathname);
  return true;
}

function names(part: string): boolean {
  return /(?:^|[#?&])context=/.test(part);
}

/** The link of this tab. */
export function keptLink(store: Storage | undefined): string | undefined {
  if (memory !== undefined) return memory;
  try {
    return store?.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a link for this tab, or forgets it. */
export function keepLink(link: string | undefined, store: Storage | undefined): void {
  memory = link;
  try {
    if (link === undefined) store?.removeItem(key);
    else store?.setItem(key, link);
  } catch {
    // An older link must not come back in its place.
    try {
      store?.removeItem(key);
    } catch {
      // Nothing more can be done.
    }
  }
}

/** The id of a handoff that the server keeps, out of a link `…/h/ID` or its path. */
export function storedId(link: string): string | undefined {
  return /^(?:https?:\/\/[^/]+)?\/h\/([a-z0-9]{8,64})\/?$/.exec(link)?.[1];
}

/**
 * The id that a link names beside its content, `#context=…&handoff=ID`: the handoff that the server keeps of it. Whoever
 * passes a link on can change it, so it counts only if the server keeps the same content under it.
 */
export function namedId(link: string): string | undefined {
  return /[?#&]handoff=([a-z0-9]{8,64})(?=[&#]|$)/.exec(link)?.[1];
}

/** A link that names its handoff, if it is not too long for that. */
export function withId(link: string, id: string | null | undefined): string {
  if (!id || namedId(link) !== undefined || !/#context=[^&#]+$/.test(link)) return link;
  const named = `${link}&handoff=${id}`;
  return named.length > 8000 ? link : named;
}
