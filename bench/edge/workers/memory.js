// What both caching workers keep: the text of an answer, for half a minute, a thousand at most.

const TTL_MS = 30_000;
const ENTRIES = 1000;

/** Caller and id to `{text, until}`, oldest first. */
const kept = new Map();

/** The text kept for `key`, while it may be served. */
export function recall(key) {
  const hit = kept.get(key);
  return hit !== undefined && Date.now() < hit.until ? hit.text : undefined;
}

export function keep(key, text) {
  kept.delete(key);
  kept.set(key, { text, until: Date.now() + TTL_MS });
  if (kept.size > ENTRIES) kept.delete(kept.keys().next().value);
}
