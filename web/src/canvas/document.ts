/**
 * What the canvas remembers: blocks, where they stand, which space or link each one shows, and what is connected.
 *
 * Pure values. Nothing of a space is kept but its id, and nothing of a link but the link; names and tables are read
 * again, so that a saved canvas can neither go stale nor show what its reader may no longer see.
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

/** One SQLPilot block: a link on its way to a plan. */
export interface PilotBlock {
  readonly id: string;
  readonly kind: "pilot";
  readonly position: Point;
  /** A name given by hand. Absent: the block carries the name of the plan, or the words of the intent. */
  readonly name?: string;
  /** The Genie block that it takes links from. */
  readonly from?: string;
  /** The link that it shows, as it was pasted or made. */
  readonly link?: string;
}

/** Anything that can stand on the canvas. */
export type Block = GenieBlock | PilotBlock;

/** Everything that is saved and undone. */
export interface CanvasDocument {
  readonly blocks: readonly Block[];
  /** The space last chosen by hand; a new block starts with it. */
  readonly recentSpaceId?: string;
}

/** A canvas with nothing on it. */
export const emptyDocument: CanvasDocument = { blocks: [] };

/** Names longer than this are cut: a label, not a text. */
export const maxNameLength = 80;

/** Longer links are not kept: none that the product makes comes near it, and the browser's storage is small. */
export const maxLinkLength = 20_000;

/** A change somebody meant to make. Each one is one step of undo. */
export type Edit =
  | { readonly type: "add"; readonly block: Block }
  | { readonly type: "move"; readonly to: Readonly<Record<string, Point>> }
  | { readonly type: "remove"; readonly ids: readonly string[] }
  | { readonly type: "point"; readonly id: string; readonly spaceId: string }
  | { readonly type: "rename"; readonly id: string; readonly name: string }
  /** A SQLPilot block takes its links from a Genie block from now on; without one: from nowhere. */
  | { readonly type: "connect"; readonly id: string; readonly from: string | undefined }
  /** SQLPilot blocks show a link; without one they are empty again. */
  | { readonly type: "link"; readonly ids: readonly string[]; readonly link: string | undefined };

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
      if (blocks.length === document.blocks.length) return document;
      // What was taken stays; only where it came from is gone.
      return { ...document, blocks: blocks.map((block) => (isFrom(block, gone) ? apart(block) : block)) };
    }
    case "point": {
      const space: SpaceChoice = { kind: "space", spaceId: edit.spaceId, origin: "chosen" };
      const changed = changeBlocks(document, (block) =>
        block.kind !== "genie" || block.id !== edit.id || sameChoice(block.space, space)
          ? block
          : { ...block, space },
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
    case "connect": {
      const { from } = edit;
      const known = document.blocks.some(({ id, kind }) => kind === "genie" && id === from);
      if (from !== undefined && !known) return document;
      return changeBlocks(document, (block) => {
        if (block.kind !== "pilot" || block.id !== edit.id || block.from === from) return block;
        return from === undefined ? apart(block) : { ...block, from };
      });
    }
    case "link": {
      const link = edit.link?.trim();
      if (link !== undefined && (link === "" || link.length > maxLinkLength)) return document;
      return changeBlocks(document, (block) => {
        if (block.kind !== "pilot" || !edit.ids.includes(block.id) || block.link === link) return block;
        const { link: _old, ...rest } = block;
        return link === undefined ? rest : { ...rest, link };
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
    block.kind === "genie" && block.id === id && block.space.kind === "unsettled"
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

function isFrom(block: Block, ids: ReadonlySet<string>): block is PilotBlock {
  return block.kind === "pilot" && block.from !== undefined && ids.has(block.from);
}

function apart({ from: _, ...block }: PilotBlock): PilotBlock {
  return block;
}

/** The SQLPilot blocks that take their links from this Genie block. */
export function pilotsOf({ blocks }: CanvasDocument, genieId: string): string[] {
  return blocks.flatMap((block) => (block.kind === "pilot" && block.from === genieId ? [block.id] : []));
}

function changeBlocks(document: CanvasDocument, change: (block: Block) => Block): CanvasDocument {
  let changed = false;
  const blocks = document.blocks.map((block) => {
    const next = change(block);
    if (next !== block) changed = true;
    return next;
  });
  return changed ? { ...document, blocks } : document;
}
