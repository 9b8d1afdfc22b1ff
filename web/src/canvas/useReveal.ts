import { useReactFlow } from "@xyflow/react";
import { useCallback } from "react";
import { reducedMotion } from "../ui/motion";
import { blockElement } from "./nodes";
import { blockHeight, blockWidth, panInto } from "./placement";

/** Room for the canvas tools, which float over the upper edge. CSS pixels. */
export const toolsHeight = 64;

/** Moves the view so that a block can be seen, with room for what it is about to show. The zoom stays. */
export function useReveal(): (id: string) => void {
  const { getNode, getViewport, setViewport } = useReactFlow();
  return useCallback(
    (id: string) => {
      const node = getNode(id);
      const surface = blockElement(id)?.closest(".react-flow")?.getBoundingClientRect();
      if (!node || !surface) return;
      const { x, y, zoom } = getViewport();
      const rect = {
        x: node.position.x * zoom + x,
        y: node.position.y * zoom + y,
        width: (node.measured?.width ?? blockWidth) * zoom,
        height: Math.max(node.measured?.height ?? 0, node.type === "genie" ? blockHeight : 0) * zoom,
      };
      const view = { x: 0, y: toolsHeight, width: surface.width, height: surface.height - toolsHeight };
      const by = panInto(rect, view, 12);
      if (by.x === 0 && by.y === 0) return;
      setViewport(
        { x: x + by.x, y: y + by.y, zoom },
        { duration: reducedMotion() ? 0 : 200, interpolate: "linear" },
      );
    },
    [getNode, getViewport, setViewport],
  );
}
