import { useReactFlow, useViewport } from "@xyflow/react";
import { canvasWords } from "../strings/canvas";
import { reducedMotion } from "../ui/motion";
import { Tool } from "./Toolbar";

/** The options of "Show all blocks". */
export const fitAll = () => ({ padding: 0.15, maxZoom: 1, duration: motion() });

const motion = () => (reducedMotion() ? 0 : 200);

/** Zoom by single presses, with the present zoom in numbers. */
export function ZoomControls() {
  const flow = useReactFlow();
  const { zoom } = useViewport();
  const percent = Math.round(zoom * 100);
  const words = canvasWords.canvas;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div className="zoom" role="group" aria-label={words.zoom}>
      <Tool
        icon="minus"
        label={words.zoomOut}
        testId="zoom-out"
        onPress={() => flow.zoomOut({ duration: motion() })}
      />
      <button
        type="button"
        className="zoom-reset"
        data-testid="zoom-reset"
        aria-label={words.zoomReset(percent)}
        title={words.zoomReset(percent)}
        onClick={() => flow.zoomTo(1, { duration: motion() })}
      >
        {percent} %
      </button>
      <Tool
        icon="plus"
        label={words.zoomIn}
        testId="zoom-in"
        onPress={() => flow.zoomIn({ duration: motion() })}
      />
      <Tool icon="fit" label={words.fit} testId="zoom-fit" onPress={() => flow.fitView(fitAll())} />
    </div>
  );
}
