import { type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import type { Point } from "./document";

/** A pointer must move this far before a press becomes a drag. CSS pixels. */
const threshold = 6;

interface Options {
  readonly onDrop: (point: Point) => void;
  readonly onCancel: () => void;
}

/** A drag out of the palette: where the pointer is, and whether it is over the canvas. */
export interface PaletteDrag {
  readonly point: Point;
  readonly overCanvas: boolean;
}

/**
 * Drags with pointer events, which mouse, pen and touch all send; HTML5 dragging is dead on touch screens.
 * A press that does not move stays an ordinary click of the button.
 */
export function usePaletteDrag({ onDrop, onCancel }: Options) {
  const [drag, setDrag] = useState<PaletteDrag>();
  const start = useRef<Point & { pointerId: number }>(undefined);
  const moved = useRef(false);

  const stop = useCallback(() => {
    start.current = undefined;
    setDrag(undefined);
  }, []);

  const dragging = drag !== undefined;
  useEffect(() => {
    if (!dragging) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      stop();
      onCancel();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [dragging, stop, onCancel]);

  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      moved.current = false;
      if (event.button !== 0 || !event.isPrimary) return;
      start.current = { x: event.clientX, y: event.clientY, pointerId: event.pointerId };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const from = start.current;
      if (from?.pointerId !== event.pointerId) return;
      if (!dragging && Math.hypot(event.clientX - from.x, event.clientY - from.y) < threshold) return;
      moved.current = true;
      const point = { x: event.clientX, y: event.clientY };
      setDrag({ point, overCanvas: isOverCanvas(point) });
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (start.current?.pointerId !== event.pointerId) return;
      stop();
      if (!moved.current) return;
      const point = { x: event.clientX, y: event.clientY };
      if (isOverCanvas(point)) onDrop(point);
      else onCancel();
    },
    onPointerCancel: stop,
  };

  /** Whether the click that the browser sends now only ends a drag. */
  const endsDrag = () => {
    const was = moved.current;
    moved.current = false;
    return was;
  };
  return { drag, handlers, endsDrag };
}

/** The canvas may lie under a panel; then the block would land where nobody sees it. */
function isOverCanvas(point: Point): boolean {
  return document.elementFromPoint(point.x, point.y)?.closest(".surface") != null;
}
