import { useReactFlow } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { GenieFlowNode } from "../genie/GenieBlockNode";
import { reducedMotion } from "../ui/motion";
import { blockElement } from "./nodes";
import { blockHeight, blockWidth, panInto } from "./placement";
import type { FocusRequest } from "./state";

/** The palette's button, which gets the focus when no block is left. */
export const paletteButtonId = "palette-genie";

/** Serves each request for the focus once, as soon as its block is on the screen, and brings the block into view. */
export function useFocusRequests(request: FocusRequest | undefined, nodes: readonly GenieFlowNode[]): void {
  const served = useRef(0);
  const { getViewport, setViewport } = useReactFlow();

  useEffect(() => {
    if (!request || request.serial === served.current) return;
    if (request.onlyIfLost && document.activeElement !== document.body) {
      served.current = request.serial;
      return;
    }
    if (request.target === "palette") {
      served.current = request.serial;
      document.getElementById(paletteButtonId)?.focus();
      return;
    }
    const { block } = request.target;
    const node = nodes.find((candidate) => candidate.id === block);
    // Before it is measured a block is hidden, and hidden elements take no focus.
    if (!node?.measured?.width) return;
    const element = blockElement(block);
    if (!element) return;
    served.current = request.serial;
    element.focus({ preventScroll: true });

    const surface = element.closest(".react-flow")?.getBoundingClientRect();
    if (!surface) return;
    const { x, y, zoom } = getViewport();
    const rect = {
      x: node.position.x * zoom + x,
      y: node.position.y * zoom + y,
      width: (node.measured.width ?? blockWidth) * zoom,
      // Blocks grow when their space is there: keep room for that.
      height: Math.max(node.measured.height ?? 0, Math.min(blockHeight, surface.height / zoom - 64)) * zoom,
    };
    const by = panInto(rect, { x: 0, y: 56, width: surface.width, height: surface.height - 56 }, 16);
    if (by.x !== 0 || by.y !== 0) {
      setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration: reducedMotion() ? 0 : 200 });
    }
  }, [request, nodes, getViewport, setViewport]);
}
