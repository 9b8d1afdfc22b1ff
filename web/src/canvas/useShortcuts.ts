import { useEffect } from "react";

/** What the keys do. */
export interface Shortcuts {
  readonly undo: () => void;
  readonly redo: () => void;
  /** Deletes the block with this id, or whatever is selected. */
  readonly remove: (id: string | undefined) => void;
  readonly help: () => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly zoomReset: () => void;
  readonly fit: () => void;
}

/**
 * Keys of the page. They never act while somebody types or a dialog is open. Keys that are a single character can
 * be switched off (`singleKeys`), because speech input and slips press them unasked.
 */
export function useShortcuts(shortcuts: Shortcuts, singleKeys: boolean): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const target = event.target instanceof HTMLElement ? event.target : document.body;
      if (isTyping(target) || document.querySelector("dialog[open]")) return;
      const action = actionFor(event, target, shortcuts, singleKeys);
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [shortcuts, singleKeys]);
}

function actionFor(
  event: KeyboardEvent,
  target: HTMLElement,
  shortcuts: Shortcuts,
  singleKeys: boolean,
): (() => void) | undefined {
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (key === "z") return event.shiftKey ? shortcuts.redo : shortcuts.undo;
    if (key === "y" && !event.shiftKey) return shortcuts.redo;
    return undefined;
  }
  const place = placeOf(target);
  if (event.key === "Delete" || event.key === "Backspace") {
    return place.deletes ? () => shortcuts.remove(place.block) : undefined;
  }
  if (!singleKeys) return undefined;
  if (event.key === "?") return shortcuts.help;
  if (!place.canvas) return undefined;
  if (event.code === "Digit1" && event.shiftKey) return shortcuts.fit;
  if (event.key === "+" || event.key === "=") return shortcuts.zoomIn;
  if (event.key === "-") return shortcuts.zoomOut;
  if (event.key === "0") return shortcuts.zoomReset;
  return undefined;
}

/**
 * Where the focus is. Delete acts on a focused block or list entry, else on the selection; on a button inside a
 * block it does nothing, because there it is more likely a slip.
 */
function placeOf(target: HTMLElement): { canvas: boolean; deletes: boolean; block?: string } {
  const canvas = target === document.body || target.closest(".stage") !== null;
  const node = target.closest<HTMLElement>(".react-flow__node");
  if (node) return { canvas, deletes: node === target, ...(node.dataset.id && { block: node.dataset.id }) };
  const entry = target.closest<HTMLElement>(".block-list-item");
  if (entry?.dataset.blockId) return { canvas: true, deletes: true, block: entry.dataset.blockId };
  return { canvas, deletes: target === document.body || target.closest(".surface") !== null };
}

function isTyping(target: HTMLElement): boolean {
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
