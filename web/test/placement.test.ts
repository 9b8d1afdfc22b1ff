import { describe, expect, it } from "vitest";
import { blockGap, blockHeight, blockWidth, freePlace, grid, panInto, snap } from "../src/canvas/placement";

const size = { width: blockWidth, height: blockHeight };

describe("freePlace", () => {
  it("is where it is wanted when nothing is there", () => {
    expect(freePlace({ x: 3, y: 13 }, [])).toEqual(snap({ x: 3, y: 13 }));
  });

  it("puts many blocks so that none covers another", () => {
    const placed: { x: number; y: number }[] = [];
    for (let i = 0; i < 40; i += 1) {
      placed.push(
        freePlace(
          { x: 100, y: 50 },
          placed.map((place) => ({ ...place, ...size })),
        ),
      );
    }
    for (const [i, a] of placed.entries()) {
      expect(a.x % grid === 0 && a.y % grid === 0).toBe(true);
      for (const b of placed.slice(i + 1)) {
        const apart = Math.abs(a.x - b.x) >= blockWidth || Math.abs(a.y - b.y) >= blockHeight;
        expect(apart, `${JSON.stringify(a)} and ${JSON.stringify(b)}`).toBe(true);
      }
    }
    expect(placed[1]?.x).toBeGreaterThan(100 + blockWidth);
  });

  it("still answers when everything around is taken", () => {
    const everywhere = [{ x: -1e6, y: -1e6, width: 2e6, height: 2e6 }];
    expect(freePlace({ x: 0, y: 0 }, everywhere)).toEqual({ x: blockGap, y: blockGap });
  });
});

describe("panInto", () => {
  const view = { x: 0, y: 60, width: 800, height: 500 };
  it("leaves a block alone that can be seen", () => {
    expect(panInto({ x: 100, y: 100, width: 320, height: 300 }, view, 10)).toEqual({ x: 0, y: 0 });
  });
  it("moves as little as needed", () => {
    expect(panInto({ x: 700, y: 100, width: 320, height: 300 }, view, 10)).toEqual({ x: -230, y: 0 });
    expect(panInto({ x: -50, y: 20, width: 320, height: 300 }, view, 10)).toEqual({ x: 60, y: 50 });
  });
  it("shows the top left corner of what is too large", () => {
    expect(panInto({ x: 100, y: 400, width: 2000, height: 900 }, view, 10)).toEqual({ x: -90, y: -330 });
  });
});
