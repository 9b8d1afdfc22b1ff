import type { Block } from "../canvas/document";
import { canvasWords } from "../strings/canvas";

/** The title of a block, and its accessible name: the name given by hand, else the space's, else what is known of it. */
export function blockTitle(block: Block, displayName: string | undefined): string {
  if (block.name) return block.name;
  if (displayName?.trim()) return displayName.trim();
  if (block.kind === "pilot") return canvasWords.pilot.untitled;
  if (block.space.kind === "unsettled") return canvasWords.block.untitled;
  const { spaceId } = block.space;
  return canvasWords.block.idName(`${spaceId.slice(0, 4)}…${spaceId.slice(-4)}`);
}
