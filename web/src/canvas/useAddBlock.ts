import { useReactFlow } from "@xyflow/react";
import { type Dispatch, useCallback } from "react";
import { canvasWords } from "../strings/canvas";
import { useAnnounce } from "../ui/Announcer";
import { type Block, type CanvasDocument, type Point, spaceForNewBlock } from "./document";
import { newId } from "./ids";
import { blockHeight, blockWidth, freePlace, snap } from "./placement";
import type { PageAction } from "./state";
import { toolsHeight } from "./useReveal";

/** Adds a block. */
export interface AddBlock {
  /** In view, on a free place. */
  readonly inView: (kind: Block["kind"]) => void;
  /** Where a pointer released it, in window coordinates. */
  readonly at: (point: Point, kind: Block["kind"]) => void;
}

/** The two ways to add a block. `fromAddress` is the space named in the page's address. */
export function useAddBlock(
  document: CanvasDocument,
  dispatch: Dispatch<PageAction>,
  fromAddress: string | undefined,
): AddBlock {
  const { screenToFlowPosition, getNodes, getZoom } = useReactFlow();
  const announce = useAnnounce();

  const add = useCallback(
    (kind: Block["kind"], position: Point, stay?: true) => {
      const block: Block =
        kind === "pilot"
          ? { id: newId(), kind, position }
          : { id: newId(), kind, position, space: spaceForNewBlock(document, fromAddress) };
      dispatch({ type: "edit", edit: { type: "add", block }, ...(stay && { stay }) });
      announce(kind === "pilot" ? canvasWords.pilot.added : canvasWords.canvas.added);
    },
    [document, dispatch, fromAddress, announce],
  );

  const inView = useCallback(
    (kind: Block["kind"]) => {
      const surface = window.document.querySelector(".react-flow")?.getBoundingClientRect();
      if (!surface) return;
      const middle = screenToFlowPosition(
        { x: surface.x + surface.width / 2, y: surface.y + toolsHeight + (surface.height - toolsHeight) / 2 },
        { snapToGrid: false },
      );
      const room = (surface.height - toolsHeight) / getZoom();
      const wanted = { x: middle.x - blockWidth / 2, y: middle.y - Math.min(blockHeight, room - 16) / 2 };
      const taken = getNodes().map((node) => ({
        ...node.position,
        width: node.measured?.width ?? blockWidth,
        height: node.measured?.height ?? blockHeight,
      }));
      add(kind, freePlace(wanted, taken));
    },
    [add, getNodes, getZoom, screenToFlowPosition],
  );

  const at = useCallback(
    (point: Point, kind: Block["kind"]) => {
      const place = screenToFlowPosition(point, { snapToGrid: false });
      // The pointer holds the block at the middle of its header.
      add(kind, snap({ x: place.x - blockWidth / 2, y: place.y - 24 }), true);
    },
    [add, screenToFlowPosition],
  );

  return { inView, at };
}
