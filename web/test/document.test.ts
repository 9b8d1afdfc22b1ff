import { describe, expect, it } from "vitest";
import {
  applyEdit,
  type CanvasDocument,
  emptyDocument,
  type GenieBlock,
  maxLinkLength,
  maxNameLength,
  neighbourOf,
  type PilotBlock,
  pilotsOf,
  settleBlock,
  spaceForNewBlock,
} from "../src/canvas/document";

const idA = "01f0eca3dc1b1cbc9b65fa58f94c18ad";
const idB = "11f0eca3dc1b1cbc9b65fa58f94c18ad";

function block(id: string, extra: Partial<GenieBlock> = {}): GenieBlock {
  return { id, kind: "genie", position: { x: 0, y: 0 }, space: { kind: "unsettled" }, ...extra };
}

const three: CanvasDocument = { blocks: [block("a"), block("b"), block("c")] };

describe("applyEdit", () => {
  it("adds a block once", () => {
    const added = applyEdit(emptyDocument, { type: "add", block: block("a") });
    expect(added.blocks).toHaveLength(1);
    expect(applyEdit(added, { type: "add", block: block("a") })).toBe(added);
  });

  it("moves only what moved, and is no step when nothing did", () => {
    const moved = applyEdit(three, { type: "move", to: { b: { x: 8, y: 16 } } });
    expect(moved.blocks.map((one) => one.position)).toEqual([
      { x: 0, y: 0 },
      { x: 8, y: 16 },
      { x: 0, y: 0 },
    ]);
    expect(moved.blocks[0]).toBe(three.blocks[0]);
    expect(applyEdit(three, { type: "move", to: { b: { x: 0, y: 0 }, gone: { x: 1, y: 1 } } })).toBe(three);
  });

  it("removes several blocks in one step", () => {
    const left = applyEdit(three, { type: "remove", ids: ["a", "c"] });
    expect(left.blocks.map((one) => one.id)).toEqual(["b"]);
    expect(applyEdit(three, { type: "remove", ids: ["gone"] })).toBe(three);
  });

  it("remembers the space that was chosen, for the next block", () => {
    const pointed = applyEdit(three, { type: "point", id: "a", spaceId: idA });
    expect(pointed.blocks[0]).toMatchObject({ space: { kind: "space", spaceId: idA, origin: "chosen" } });
    expect(spaceForNewBlock(pointed, undefined)).toEqual({ kind: "space", spaceId: idA, origin: "recent" });
    expect(applyEdit(pointed, { type: "point", id: "a", spaceId: idA })).toBe(pointed);
    expect(applyEdit(three, { type: "point", id: "gone", spaceId: idA })).toBe(three);
  });

  it("renames, cuts what is too long, and drops the name when it is emptied", () => {
    const named = applyEdit(three, { type: "rename", id: "a", name: `  ${"n".repeat(200)}` });
    expect(named.blocks[0]?.name).toBe("n".repeat(maxNameLength));
    const plain = applyEdit(named, { type: "rename", id: "a", name: "   " });
    expect(plain.blocks[0]).not.toHaveProperty("name");
    expect(applyEdit(plain, { type: "rename", id: "a", name: "" })).toBe(plain);
  });
});

describe("a SQLPilot block", () => {
  const pilot: PilotBlock = { id: "p", kind: "pilot", position: { x: 0, y: 0 } };
  const canvas: CanvasDocument = { blocks: [...three.blocks, pilot, { ...pilot, id: "d" }] };
  const connected = applyEdit(canvas, { type: "connect", id: "p", from: "a" });

  it("is connected to Genie blocks alone, once, and let go again", () => {
    expect(pilotsOf(connected, "a")).toEqual(["p"]);
    expect(applyEdit(connected, { type: "connect", id: "p", from: "a" })).toBe(connected);
    expect(applyEdit(canvas, { type: "connect", id: "p", from: "d" })).toBe(canvas);
    expect(applyEdit(canvas, { type: "connect", id: "p", from: "gone" })).toBe(canvas);
    expect(applyEdit(canvas, { type: "connect", id: "b", from: "a" })).toBe(canvas);
    const apart = applyEdit(connected, { type: "connect", id: "p", from: undefined });
    expect(apart.blocks[3]).toEqual(pilot);
  });

  it("takes a link and forgets it; none that is empty or too long for the browser's storage", () => {
    const linked = applyEdit(canvas, { type: "link", ids: ["p", "a"], link: " http://h/h/abcdefgh " });
    expect(linked.blocks[3]).toEqual({ ...pilot, link: "http://h/h/abcdefgh" });
    expect(linked.blocks[0]).toBe(canvas.blocks[0]);
    expect(applyEdit(linked, { type: "link", ids: ["p"], link: undefined }).blocks[3]).toEqual(pilot);
    expect(applyEdit(canvas, { type: "link", ids: ["p"], link: " " })).toBe(canvas);
    expect(applyEdit(canvas, { type: "link", ids: ["p"], link: "x".repeat(maxLinkLength + 1) })).toBe(canvas);
  });

  it("keeps its link when the Genie block goes", () => {
    const linked = applyEdit(connected, { type: "link", ids: ["p"], link: "x" });
    const left = applyEdit(linked, { type: "remove", ids: ["a"] });
    expect(left.blocks.find(({ id }) => id === "p")).toEqual({ ...pilot, link: "x" });
  });
});

describe("the space of a new block", () => {
  it("is the one of the address before the recent one, else unsettled", () => {
    const recent: CanvasDocument = { blocks: [], recentSpaceId: idA };
    expect(spaceForNewBlock(recent, idB)).toEqual({ kind: "space", spaceId: idB, origin: "address" });
    expect(spaceForNewBlock(emptyDocument, undefined)).toEqual({ kind: "unsettled" });
  });

  it("settles once: a late answer does not undo a choice", () => {
    const chosen = applyEdit(three, { type: "point", id: "a", spaceId: idA });
    expect(settleBlock(chosen, "a", idB)).toBe(chosen);
    expect(settleBlock(three, "a", idB).blocks[0]).toMatchObject({
      space: { kind: "space", spaceId: idB, origin: "first" },
    });
    // Nobody chose it, so it is not what the next block starts with.
    expect(settleBlock(three, "a", idB).recentSpaceId).toBeUndefined();
  });
});

describe("neighbourOf", () => {
  it("is the next block, else the one before, else none", () => {
    expect(neighbourOf(three, ["a"])).toBe("b");
    expect(neighbourOf(three, ["c"])).toBe("b");
    expect(neighbourOf(three, ["a", "b"])).toBe("c");
    expect(neighbourOf(three, ["b", "c"])).toBe("a");
    expect(neighbourOf(three, ["a", "b", "c"])).toBeUndefined();
    expect(neighbourOf(three, ["gone"])).toBeUndefined();
  });
});
