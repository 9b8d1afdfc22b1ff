/**
 * Opening and saving the canvas in the browser's storage. The only code that touches `localStorage` and
 * `sessionStorage` for it; storage, clock and ids are arguments, so that tests need no browser.
 */
import { type CanvasDocument, emptyDocument } from "./document";
import { type History, startHistory } from "./history";
import {
  asidePrefix,
  canvasKey,
  historyKey,
  readCanvas,
  readHistory,
  type SavedCanvas,
  sameDocument,
  writeCanvas,
  writeHistory,
} from "./storage";

/** The part of `Storage` that is used. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What opening gave. */
export interface Opened {
  readonly history: History<CanvasDocument>;
  /** The saved revision this tab works on; absent when nothing (readable) was saved. */
  readonly revision?: string;
  /** A saved canvas that could not be read. */
  readonly unread?: Unread;
}

/** A saved canvas that this version could not read, and where it is now. */
export interface Unread {
  readonly why: "newer" | "broken";
  /** The text as it was found. */
  readonly text: string;
  /** The storage key it was kept under; absent when even that failed, and then nothing may be saved over it. */
  readonly keptAs?: string;
}

/** Opens the saved canvas with this tab's undo steps. Anything unreadable is kept aside first. */
export function openCanvas(local: Store | undefined, session: Store | undefined, now: () => Date): Opened {
  const text = local?.getItem(canvasKey) ?? null;
  const result = readCanvas(text);
  if (result.kind === "canvas") {
    const { saved } = result;
    const history = readHistory(session?.getItem(historyKey) ?? null, saved);
    return { history: history ?? startHistory(saved.document), revision: saved.revision };
  }
  const history = startHistory(emptyDocument);
  if (result.kind === "none" || !local || text === null) return { history };
  return { history, unread: keepAside(local, text, result.kind, now) };
}

function keepAside(local: Store, text: string, why: Unread["why"], now: () => Date): Unread {
  const keptAs = asidePrefix + now().toISOString();
  try {
    local.setItem(keptAs, text);
    if (local.getItem(keptAs) !== text) return { why, text };
    local.removeItem(canvasKey);
    return { why, text, keptAs };
  } catch {
    return { why, text };
  }
}

/** What saving gave. */
export type Saved =
  | { readonly kind: "saved"; readonly revision: string }
  /** Somebody else saved something different since `base`. Nothing was written. */
  | { readonly kind: "conflict"; readonly theirs: SavedCanvas }
  /** The browser refused: storage full or switched off. */
  | { readonly kind: "failed" };

/**
 * Saves `history.present` if what is stored is still the revision `base`, and this tab's undo steps with it.
 * Reading and writing happen in one go, so no other tab's save can come in between.
 */
export function saveCanvas(
  local: Store | undefined,
  session: Store | undefined,
  history: History<CanvasDocument>,
  base: string | undefined,
  revision: string,
): Saved {
  if (!local) return { kind: "failed" };
  try {
    const stored = readCanvas(local.getItem(canvasKey));
    if (stored.kind === "newer" || stored.kind === "broken") return { kind: "failed" };
    if (stored.kind === "canvas") {
      const { saved } = stored;
      // The same content is no conflict, and not written again: two tabs would answer each other for ever.
      if (sameDocument(saved.document, history.present)) {
        keepHistory(session, history, saved.revision);
        return { kind: "saved", revision: saved.revision };
      }
      if (saved.revision !== base) return { kind: "conflict", theirs: saved };
    }
    local.setItem(canvasKey, writeCanvas(history.present, revision));
  } catch {
    return { kind: "failed" };
  }
  keepHistory(session, history, revision);
  return { kind: "saved", revision };
}

/** Undo steps are a convenience: when they do not fit, the canvas is saved all the same. */
function keepHistory(session: Store | undefined, history: History<CanvasDocument>, revision: string): void {
  try {
    session?.setItem(historyKey, writeHistory(history, revision));
  } catch {
    session?.removeItem(historyKey);
  }
}

/** Makes room for a new canvas, after somebody has said that they no longer need the unreadable one. */
export function clearCanvas(local: Store | undefined): void {
  try {
    local?.removeItem(canvasKey);
  } catch {
    // Saving will then say that it fails.
  }
}
