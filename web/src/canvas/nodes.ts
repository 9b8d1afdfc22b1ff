import type { Edge } from "@xyflow/react";
import { blockTitle } from "../genie/blockTitle";
import type { GenieFlowNode } from "../genie/GenieBlockNode";
import type { PilotFlowNode } from "../pilot/PilotBlockNode";
import { canvasWords } from "../strings/canvas";
import type { Block, CanvasDocument } from "./document";
import type { PageState } from "./state";

/** A block as React Flow holds it. */
export type BlockFlowNode = GenieFlowNode | PilotFlowNode;

/** Where block ids stand in the page, for moving the focus. */
export function blockElement(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
}

/**
 * The blocks as React Flow wants them. A node that shows the same as before is the same object, so that a
 * change of one block renders one block. A block under the pointer stays where the pointer holds it.
 */
export function toNodes(before: readonly BlockFlowNode[], state: PageState): BlockFlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  const selected = new Set(state.selected);
  return state.history.present.blocks.map((block) => {
    const old = known.get(block.id);
    const ariaLabel = blockTitle(block, state.facts[block.id]?.displayName);
    const renaming = state.renaming === block.id;
    const isSelected = selected.has(block.id);
    const position = old?.dragging ? old.position : block.position;
    if (
      old?.data.block === block &&
      old.data.renaming === renaming &&
      old.ariaLabel === ariaLabel &&
      old.selected === isSelected &&
      old.position.x === position.x &&
      old.position.y === position.y
    ) {
      return old;
    }
    const sameData = old?.data.block === block && old.data.renaming === renaming;
    return {
      ...old,
      id: block.id,
      type: block.kind,
      position: { x: position.x, y: position.y },
      data: sameData ? old.data : { block, renaming },
      ariaLabel,
      selected: isSelected,
      domAttributes: described[block.kind],
    } as BlockFlowNode;
  });
}

const described: Readonly<Record<Block["kind"], { "aria-roledescription": string }>> = {
  genie: { "aria-roledescription": canvasWords.block.roledescription },
  pilot: { "aria-roledescription": canvasWords.pilot.roledescription },
};

/** The connections, each from a Genie block to a SQLPilot block. The list of what a block takes from is beside it in words. */
export function toEdges({ blocks }: CanvasDocument): Edge[] {
  return blocks.flatMap((block) =>
    block.kind === "pilot" && block.from !== undefined
      ? [{ id: `to-${block.id}`, source: block.from, target: block.id, selectable: false, focusable: false }]
      : [],
  );
}
