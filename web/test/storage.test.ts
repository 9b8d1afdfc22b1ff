import { describe, expect, it } from "vitest";
import type { CanvasDocument } from "../src/canvas/document";
import { commit, startHistory, undo } from "../src/canvas/history";
import { openCanvas, type Store, saveCanvas } from "../src/canvas/keep";
import {
  asidePrefix,
  canvasKey,
  historyKey,
  readCanvas,
  readHistory,
  sameDocument,
  writeCanvas,
} from "../src/canvas/storage";

const spaceId = "01f0eca3dc1b1cbc9b65fa58f94c18ad";
const now = () => new Date("2026-11-20T10:00:00Z");

const canvas: CanvasDocument = {
  blocks: [
    {
      id: "a",
      kind: "genie",
      position: { x: -8, y: 16.5 },
      name: 'Eigener "Name" 🧞 ‏שם',
      space: { kind: "space", spaceId, origin: "chosen" },
    },
    { id: "b", kind: "genie", position: { x: 0, y: 0 }, space: { kind: "unsettled" } },
    { id: "d", kind: "pilot", position: { x: 400, y: 0 }, from: "a", link: "http://localhost/h/abcdefgh" },
  ],
  recentSpaceId: spaceId,
};

class MemoryStore implements Store {
  readonly items = new Map<string, string>();
  full = false;
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.items.set(key, value);
  };
  removeItem = (key: string) => {
    this.items.delete(key);
  };
}

function stores() {
  return { local: new MemoryStore(), session: new MemoryStore() };
}

/** A saved canvas with one thing wrong in it. */
function spoiled(path: string, value: unknown): string {
  const saved: unknown = JSON.parse(writeCanvas(canvas, "r1"));
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((at, key) => (at as Record<string, unknown>)[key], saved);
  (parent as Record<string, unknown>)[last] = value;
  return JSON.stringify(saved);
}

describe("readCanvas", () => {
  it("gives back what was written", () => {
    expect(readCanvas(writeCanvas(canvas, "r1"))).toEqual({
      kind: "canvas",
      saved: { schema: 2, revision: "r1", document: canvas },
    });
    expect(readCanvas(null)).toEqual({ kind: "none" });
  });

  it("tells a later version from damage", () => {
    expect(readCanvas('{"schema":3,"anything":true}')).toEqual({ kind: "newer", schema: 3 });
  });

  it("opens a canvas of the schema before SQLPilot blocks, with its undo steps", () => {
    const old = writeCanvas(canvas, "r1").replace('"schema":2', '"schema":1');
    const saved = { schema: 2, revision: "r1", document: canvas } as const;
    expect(readCanvas(old)).toEqual({ kind: "canvas", saved });
    const steps = JSON.stringify({
      schema: 1,
      revision: "r1",
      past: [{ value: canvas, label: "add" }],
      future: [],
    });
    expect(readHistory(steps, saved)?.past).toHaveLength(1);
  });

  it.each([
    ["a block that is none", { kind: "other" }, "kind"],
    ["a link that is no text", { link: 7 }, "link"],
    ["a link that is too long", { link: "x".repeat(20_001) }, "link"],
    ["a connection to nothing", { from: "99" }, "from"],
  ])("does not take %s", (_, wrong, path) => {
    const blocks = [...canvas.blocks, { id: "c", kind: "pilot", position: { x: 0, y: 0 }, ...wrong }];
    const text = JSON.stringify({ schema: 2, revision: "r", document: { blocks } });
    expect(readCanvas(text)).toEqual({ kind: "broken", path: `document.blocks[3].${path}` });
  });

  it.each([
    ["", ""],
    ["not json", ""],
    ["null", ""],
    ["[]", ""],
    ['"text"', ""],
    ["{}", "schema"],
    ['{"schema":0}', "schema"],
    ['{"schema":1.5}', "schema"],
    ['{"schema":"1"}', "schema"],
    ['{"schema":1}', "revision"],
    ['{"schema":1,"revision":"r"}', "document"],
    [spoiled("document.blocks", {}), "document.blocks"],
    [spoiled("document.blocks.0.id", "constructor"), "document.blocks[0].id"],
    [spoiled("document.blocks.0.kind", "other"), "document.blocks[0].kind"],
    [spoiled("document.blocks.1.id", "a"), "document.blocks[1].id"],
    [spoiled("document.blocks.0.position.x", null), "document.blocks[0].position.x"],
    [spoiled("document.blocks.0.space.spaceId", "../x"), "document.blocks[0].space.spaceId"],
    [spoiled("document.blocks.0.space.spaceId", `${spaceId}\n`), "document.blocks[0].space.spaceId"],
    [spoiled("document.blocks.0.space.origin", "toString"), "document.blocks[0].space.origin"],
    [spoiled("document.recentSpaceId", 5), "document.recentSpaceId"],
  ])("names the first thing wrong in %s", (text, path) => {
    expect(readCanvas(text)).toEqual({ kind: "broken", path });
  });
});

describe("sameDocument", () => {
  it("compares content, not the order in which it was written", () => {
    const { recentSpaceId, blocks } = canvas;
    expect(sameDocument(canvas, structuredClone({ recentSpaceId, blocks }) as CanvasDocument)).toBe(true);
    expect(sameDocument(canvas, { blocks: canvas.blocks })).toBe(false);
    expect(sameDocument(canvas, { ...canvas, blocks: [...canvas.blocks].reverse() })).toBe(false);
  });
});

describe("opening and saving", () => {
  it("starts empty, saves, and opens what was saved with its undo steps", () => {
    const { local, session } = stores();
    expect(openCanvas(local, session, now).history.present.blocks).toEqual([]);
    const history = undo(commit(commit(startHistory(canvas), { blocks: [] }, "remove"), canvas, "add"));
    expect(saveCanvas(local, session, history, undefined, "r1")).toEqual({ kind: "saved", revision: "r1" });
    const opened = openCanvas(local, session, now);
    expect(opened.revision).toBe("r1");
    expect(opened.history).toEqual(history);
  });

  it("drops undo steps that belong to another revision or are damaged, not the canvas", () => {
    const { local, session } = stores();
    saveCanvas(local, session, commit(startHistory(canvas), { blocks: [] }, "remove"), undefined, "r1");
    local.setItem(canvasKey, writeCanvas(canvas, "r2"));
    expect(openCanvas(local, session, now).history).toEqual(startHistory(canvas));
    session.setItem(historyKey, "{");
    expect(openCanvas(local, session, now).history).toEqual(startHistory(canvas));
  });

  it.each([
    ["newer", '{"schema":7}'],
    ["broken", "{oh"],
  ] as const)("keeps a %s canvas aside, byte for byte, before it starts anew", (why, text) => {
    const { local, session } = stores();
    local.setItem(canvasKey, text);
    const opened = openCanvas(local, session, now);
    expect(opened.unread).toEqual({ why, text, keptAs: `${asidePrefix}2026-11-20T10:00:00.000Z` });
    expect(local.getItem(opened.unread?.keptAs ?? "")).toBe(text);
    expect(saveCanvas(local, session, opened.history, opened.revision, "r1").kind).toBe("saved");
    expect(local.getItem(opened.unread?.keptAs ?? "")).toBe(text);
  });

  it("never writes over a canvas that could not be kept aside", () => {
    const { local, session } = stores();
    local.setItem(canvasKey, "{oh");
    local.full = true;
    const opened = openCanvas(local, session, now);
    expect(opened.unread).toEqual({ why: "broken", text: "{oh" });
    local.full = false;
    expect(saveCanvas(local, session, commit(opened.history, canvas, "add"), undefined, "r1")).toEqual({
      kind: "failed",
    });
    expect(local.getItem(canvasKey)).toBe("{oh");
  });

  it("does not write over what another tab saved, unless it is the same", () => {
    const { local, session } = stores();
    saveCanvas(local, session, startHistory(canvas), undefined, "r1");
    local.setItem(canvasKey, writeCanvas({ blocks: [] }, "theirs"));
    const mine = startHistory({ blocks: canvas.blocks.slice(0, 1) });
    const result = saveCanvas(local, session, mine, "r1", "r2");
    expect(result).toMatchObject({
      kind: "conflict",
      theirs: { revision: "theirs", document: { blocks: [] } },
    });
    expect(readCanvas(local.getItem(canvasKey))).toMatchObject({ saved: { revision: "theirs" } });
    // Both tabs came to the same: no conflict, and no new revision for the other tab to answer.
    expect(saveCanvas(local, session, startHistory({ blocks: [] }), "r1", "r3")).toEqual({
      kind: "saved",
      revision: "theirs",
    });
  });

  it("says so when the browser keeps nothing, and saves without undo steps when only those do not fit", () => {
    const { local, session } = stores();
    expect(saveCanvas(undefined, undefined, startHistory(canvas), undefined, "r1")).toEqual({
      kind: "failed",
    });
    session.full = true;
    expect(saveCanvas(local, session, startHistory(canvas), undefined, "r1").kind).toBe("saved");
    local.full = true;
    expect(saveCanvas(local, session, startHistory({ blocks: [] }), "r1", "r2")).toEqual({ kind: "failed" });
    expect(readCanvas(local.getItem(canvasKey))).toMatchObject({ saved: { document: canvas } });
  });
});
