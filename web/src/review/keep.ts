/**
 * Drafts of plans in the browser's storage, one for each handoff. Storage and clock are arguments, so that tests need no
 * browser.
 */
import type { HandoffContext, Plan } from "../api";
import type { History } from "../canvas/history";

/** The part of `Storage` that is used. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** A kept draft. */
export interface Draft {
  readonly plan: Plan;
  readonly settled: readonly string[];
  /** Hash of the saved plan that it was made from. */
  readonly base?: string;
  /** Tells the drafts of two tabs apart. */
  readonly revision: string;
  /** When it was kept, in milliseconds since 1970. */
  readonly at: number;
}

const prefix = "genie-handoff.review.";
const historyPrefix = "genie-handoff.review-history.";
/** How many drafts are kept; the oldest go. */
export const draftLimit = 30;

/** Names the draft of a context: equal contexts, by whatever link they came, share one. */
export function draftKey(context: HandoffContext): string {
  const text = JSON.stringify(context);
  // FNV-1a twice with different starts: 64 bits are plenty to tell the links of one person apart.
  const hash = (seed: number) => {
    let value = seed;
    for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
    return (value >>> 0).toString(36);
  };
  return `${prefix}${hash(0x811c9dc5)}${hash(0x5bd1e995)}.${text.length.toString(36)}`;
}

export function readDraft(store: Store | undefined, key: string): Draft | undefined {
  try {
    return parseDraft(store?.getItem(key) ?? null);
  } catch {
    return undefined;
  }
}

export function parseDraft(text: string | null): Draft | undefined {
  if (text === null) return undefined;
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    if (value?.format !== 1 || typeof value.plan !== "object" || value.plan === null) return undefined;
    const settled = Array.isArray(value.settled)
      ? value.settled.filter((key) => typeof key === "string")
      : [];
    const revision = typeof value.revision === "string" ? value.revision : "";
    return {
      plan: value.plan as Plan,
      settled,
      revision,
      at: typeof value.at === "number" ? value.at : 0,
      ...(typeof value.base === "string" && { base: value.base }),
    };
  } catch {
    return undefined;
  }
}

/** Keeps a draft, with this tab's undo steps. Says whether the browser took it. */
export function writeDraft(
  local: Store | undefined,
  session: Store | undefined,
  key: string,
  draft: Draft,
  history: History<Plan>,
): boolean {
  if (!local) return false;
  try {
    local.setItem(key, JSON.stringify({ format: 1, ...draft }));
    if (local.getItem(key) === null) return false;
  } catch {
    return false;
  }
  dropOldest(local);
  try {
    session?.setItem(historyPrefix + key, JSON.stringify({ revision: draft.revision, history }));
  } catch {
    // Undo steps are a convenience.
  }
  return true;
}

/** The undo steps of this tab, if they lead to this draft. */
export function readHistory(
  session: Store | undefined,
  key: string,
  draft: Draft,
): History<Plan> | undefined {
  try {
    const value = JSON.parse(session?.getItem(historyPrefix + key) ?? "null") as {
      revision?: unknown;
      history?: { past?: unknown; future?: unknown };
    } | null;
    const { past, future } = value?.history ?? {};
    if (value?.revision !== draft.revision || !Array.isArray(past) || !Array.isArray(future))
      return undefined;
    if (![...past, ...future].every(isStep)) return undefined;
    return { past, present: draft.plan, future };
  } catch {
    return undefined;
  }
}

function isStep(value: unknown): boolean {
  const { value: plan, label } = (value ?? {}) as { value?: unknown; label?: unknown };
  return typeof plan === "object" && plan !== null && typeof label === "string";
}

function dropOldest(local: Store): void {
  const keys: string[] = [];
  for (let at = 0; at < local.length; at += 1) {
    const key = local.key(at);
    if (key?.startsWith(prefix)) keys.push(key);
  }
  if (keys.length <= draftLimit) return;
  const aged = keys.map((key) => ({ key, at: readDraft(local, key)?.at ?? 0 })).sort((a, b) => a.at - b.at);
  for (const { key } of aged.slice(0, keys.length - draftLimit)) local.removeItem(key);
}
