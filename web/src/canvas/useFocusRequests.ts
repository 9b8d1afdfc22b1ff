import { useEffect, useRef } from "react";
import { type BlockFlowNode, blockElement } from "./nodes";
import type { FocusRequest } from "./state";
import { useReveal } from "./useReveal";

/** The palette's button, which gets the focus when no block is left. */
export const paletteButtonId = "palette-genie";

/** Serves each request for the focus once, as soon as its block is on the screen, and brings the block into view. */
export function useFocusRequests(request: FocusRequest | undefined, nodes: readonly BlockFlowNode[]): void {
  const served = useRef(0);
  const reveal = useReveal();

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

    if (!request.stay) reveal(block);
  }, [request, nodes, reveal]);
}
