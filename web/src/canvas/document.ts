/**
 * What the canvas remembers: blocks, where they stand and which space each one shows.
 *
 * Pure values. Nothing of a space is kept but its id; names and tables are read again from the server, so
 * that a saved canvas can neither go stale nor show what its reader may no longer see.
 */

/** A point on the canvas, in canvas units (CSS pixels at 100 %). */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a block came to its space. The block tells people, so that a space they did not pick is no riddle. */
export type SpaceOrigin =
  /** From `?space=` in the page's address. */
  | "address"
  /** The space last chosen on this canvas. */
  | "recent"
  /** The first space in the workspace's list. */
  | "first"
  /** Chosen by hand: from the list, or by a pasted id or link. */
  | "chosen";

/** Which space a block shows. */
export type SpaceChoice =
  /** Not settled yet: the block asks for the workspace's list and takes the first space. */
  | { readonly kind: "unsettled" }
  | { readonly kind: "space"; readonly spaceId: string; readonly origin: SpaceOrigin };

/** One Genie block. */
export interface GenieBlock {
  readonly id: string;
  readonly kind: "genie";
  readonly position: Point;
  /** A name given by hand. Absent: the block carries the display name of its space. */
  readonly name?: string;
  readonly space: SpaceChoice;
}

/** Everything that is saved and undone. */
export interface CanvasDocument {
  readonly blocks: readonly GenieBlock[];
  /** The space last chosen by hand; a new block starts with it. */
  readonly recentSpaceId?: string;
}

/** A canvas with nothing on it. */
export const emptyDocument: CanvasDocument = { blocks: [] };

/** Names longer than this are cut: a label, not a text. */
export const maxNameLength = 80;

/** A change somebody meant to make. Each one is one step of undo. */
export type Edit =
  | { readonly type: "add"; readonly block: GenieBlock }
  | { readonly type: "move"; readonly to: Readonly<Record<string, Point>> }
  | { readonly type: "remove"; readonly ids: readonly string[] }
  | { readonly type: "point"; readonly id: string; readonly spaceId: string }
  | { readonly type: "rename"; readonly id: string; readonly name: string };

/**
 * Applies one edit. Returns the very same document when nothing changed, so that a no-op
 * leaves no step behind in the history.
 */
export function applyEdit(document: CanvasDocument, edit: Edit): CanvasDocument {
  switch (edit.type) {
    case "add":
      if (document.blocks.some((block) => block.id === edit.block.id)) return document;
      return { ...document, blocks: [...document.blocks, edit.block] };
    case "move":
      return changeBlocks(document, (block) => {
        const to = edit.to[block.id];
        if (!to || (to.x === block.position.x && to.y === block.position.y)) return block;
        return { ...block, position: { x: to.x, y: to.y } };
      });
    case "remove": {
      const gone = new Set(edit.ids);
      const blocks = document.blocks.filter((block) => !gone.has(block.id));
      return blocks.length === document.blocks.length ? document : { ...document, blocks };
    }
    case "point": {
      const space: SpaceChoice = { kind: "space", spaceId: edit.spaceId, origin: "chosen" };
      const changed = changeBlocks(document, (block) =>
        block.id !== edit.id || sameChoice(block.space, space) ? block : { ...block, space },
      );
      return changed === document ? document : { ...changed, recentSpaceId: edit.spaceId };
    }
    case "rename": {
      const name = edit.name.trim().slice(0, maxNameLength);
      return changeBlocks(document, (block) => {
        if (block.id !== edit.id || (block.name ?? "") === name) return block;
        const { name: _old, ...rest } = block;
        return name ? { ...rest, name } : rest;
      });
    }
  }
}

/**
 * Gives an unsettled block the first space of the workspace. Not an edit: nobody meant it, and undoing the
 * drop must not leave half a drop behind.
 */
export function settleBlock(document: CanvasDocument, id: string, spaceId: string): CanvasDocument {
  return changeBlocks(document, (block) =>
    block.id === id && block.space.kind === "unsettled"
      ? { ...block, space: { kind: "space", spaceId, origin: "first" } }
      : block,
  );
}

/** The space a new block starts with: the page's address first, then the last one chosen on this canvas. */
export function spaceForNewBlock(document: CanvasDocument, fromAddress: string | undefined): SpaceChoice {
  if (fromAddress) return { kind: "space", spaceId: fromAddress, origin: "address" };
  if (document.recentSpaceId) return { kind: "space", spaceId: document.recentSpaceId, origin: "recent" };
  return { kind: "unsettled" };
}

/** Where the focus goes when `ids` are deleted: the next block that stays, else the one before, else none. */
export function neighbourOf(document: CanvasDocument, ids: readonly string[]): string | undefined {
  const gone = new Set(ids);
  const last = document.blocks.findLastIndex((block) => gone.has(block.id));
  if (last < 0) return undefined;
  const after = document.blocks.slice(last + 1).find((block) => !gone.has(block.id));
  const before = document.blocks.slice(0, last).findLast((block) => !gone.has(block.id));
  return (after ?? before)?.id;
}

function sameChoice(a: SpaceChoice, b: SpaceChoice): boolean {
  if (a.kind === "unsettled" || b.kind === "unsettled") return a.kind === b.kind;
  return a.spaceId === b.spaceId && a.origin === b.origin;
}

function changeBlocks(document: CanvasDocument, change: (block: GenieBlock) => GenieBlock): CanvasDocument {
  let changed = false;
  const blocks = document.blocks.map((block) => {
    const next = change(block);
    if (next !== block) changed = true;
    return next;
  });
  return changed ? { ...document, blocks } : document;
}
