/** Where a new block goes. Pure geometry, in canvas units. */
import type { Point } from "./document";

/** An upright rectangle. */
export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** The width of a block; its height follows what it shows. Also in `styles/block.css`. */
export const blockWidth = 320;
/** The height of a block with a space in it, as a rule: what a new block is given room for. */
export const blockHeight = 640;
/** The room left between blocks that are placed for somebody. */
export const blockGap = 24;
/** Positions snap to this raster. */
export const grid = 8;

/** Rounds to the raster. */
export function snap(point: Point): Point {
  return { x: Math.round(point.x / grid) * grid, y: Math.round(point.y / grid) * grid };
}

/**
 * The free place nearest to `wanted` (a top left corner) where a new block covers no other. Tries rings of
 * places around it, one block apart; when all are taken it steps down and to the right a little.
 */
export function freePlace(wanted: Point, taken: readonly Rect[]): Point {
  const stepX = blockWidth + blockGap;
  const stepY = blockHeight + blockGap;
  for (let ring = 0; ring <= 6; ring += 1) {
    const candidates: Point[] = [];
    for (let column = -ring; column <= ring; column += 1) {
      for (let row = -ring; row <= ring; row += 1) {
        if (Math.max(Math.abs(column), Math.abs(row)) !== ring) continue;
        candidates.push({ x: wanted.x + column * stepX, y: wanted.y + row * stepY });
      }
    }
    // Right and below before left and above: the way people read.
    candidates.sort((a, b) => cost(a, wanted) - cost(b, wanted));
    const free = candidates.find((place) => !taken.some((rect) => overlaps(place, rect)));
    if (free) return snap(free);
  }
  const offset = blockGap * (taken.length % 10);
  return snap({ x: wanted.x + offset, y: wanted.y + offset });
}

function cost(place: Point, wanted: Point): number {
  const dx = place.x - wanted.x;
  const dy = place.y - wanted.y;
  return Math.hypot(dx, dy) + (dx < 0 ? blockGap : 0) + (dy < 0 ? blockHeight : 0);
}

function overlaps(place: Point, rect: Rect): boolean {
  const margin = blockGap / 2;
  return (
    place.x < rect.x + rect.width + margin &&
    place.x + blockWidth + margin > rect.x &&
    place.y < rect.y + rect.height + margin &&
    place.y + blockHeight + margin > rect.y
  );
}

/** How far a view must move so that `rect` is inside `view` with some margin; the top left corner wins. */
export function panInto(rect: Rect, view: Rect, margin: number): Point {
  return {
    x: shift(rect.x, rect.width, view.x, view.width, margin),
    y: shift(rect.y, rect.height, view.y, view.height, margin),
  };
}

function shift(start: number, size: number, viewStart: number, viewSize: number, margin: number): number {
  const low = viewStart + margin;
  const high = viewStart + viewSize - margin;
  if (start < low || size > high - low) return low - start;
  if (start + size > high) return high - (start + size);
  return 0;
}
