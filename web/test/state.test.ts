import { describe, expect, it } from "vitest";
import type { GenieBlock } from "../src/canvas/document";
import { type PageAction, type PageState, reducePage, startPage } from "../src/canvas/state";

const spaceId = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

function block(id: string): GenieBlock {
  return { id, kind: "genie", position: { x: 0, y: 0 }, space: { kind: "unsettled" } };
}

function run(...actions: PageAction[]): PageState {
  return actions.reduce(reducePage, startPage());
}

const add = (id: string): PageAction => ({ type: "edit", edit: { type: "add", block: block(id) } });
const remove = (...ids: string[]): PageAction => ({ type: "edit", edit: { type: "remove", ids } });
const ids = (state: PageState) => state.history.present.blocks.map((one) => one.id);

describe("the page", () => {
  it("selects and focuses a block that was added", () => {
    const state = run(add("a"), add("b"));
    expect(state.selected).toEqual(["b"]);
    expect(state.focus?.target).toEqual({ block: "b" });
  });

  it("moves the focus to a neighbour when a block is deleted, and to the palette after the last one", () => {
    const state = run(add("a"), add("b"), add("c"), remove("b"));
    expect(state.focus?.target).toEqual({ block: "c" });
    expect(state.selected).toEqual(["c"]);
    const empty = [remove("c"), remove("a")].reduce(reducePage, state);
    expect(empty.focus?.target).toBe("palette");
    expect(empty.selected).toEqual([]);
  });

  it("asks for the focus again even if it is for the same block", () => {
    const state = run(add("a"));
    const again = reducePage(state, { type: "focus", id: "a" });
    expect(again.focus?.serial).toBe((state.focus?.serial ?? 0) + 1);
  });

  it("leaves the focus alone on undo, unless the change took it away", () => {
    const state = run(add("a"), add("b"), { type: "undo" });
    expect(state.focus).toMatchObject({ target: { block: "a" }, onlyIfLost: true });
    const back = reducePage(state, { type: "redo" });
    expect(back.focus).toBe(state.focus);
  });

  it("shows a link that was made on every block that is connected, as one step", () => {
    const pilot = (id: string): PageAction => ({
      type: "edit",
      edit: { type: "add", block: { id, kind: "pilot", position: { x: 0, y: 0 } } },
    });
    const connect = (id: string): PageAction => ({ type: "edit", edit: { type: "connect", id, from: "a" } });
    const state = run(add("a"), pilot("p"), pilot("q"), pilot("r"), connect("p"), connect("q"), {
      type: "made",
      from: "a",
      link: "the link",
    });
    const links = ({ history }: PageState) =>
      history.present.blocks.map((one) => (one.kind === "pilot" ? one.link : "-"));
    expect(links(state)).toEqual(["-", "the link", "the link", undefined]);
    expect(links(reducePage(state, { type: "undo" }))).toEqual(["-", undefined, undefined, undefined]);
    expect(run(add("a"), { type: "made", from: "a", link: "l" }).history.past).toHaveLength(1);
  });

  it("answers the open question of a block in every state of the history", () => {
    const state = run(add("a"), add("b"), { type: "settle", id: "a", spaceId });
    expect(state.history.past).toHaveLength(2);
    const before = reducePage(state, { type: "undo" });
    expect(before.history.present.blocks[0]).toMatchObject({
      space: { kind: "space", spaceId, origin: "first" },
    });
    expect(
      reducePage(run(add("a"), remove("a")), { type: "settle", id: "a", spaceId }).history.present.blocks,
    ).toEqual([]);
  });

  it("forgets what belongs to blocks that are gone", () => {
    const state = run(
      add("a"),
      add("b"),
      { type: "facts", id: "a", facts: { state: "ready", displayName: "A" } },
      { type: "facts", id: "b", facts: { state: "loading" } },
      remove("b"),
    );
    expect(state.facts).toEqual({ a: { state: "ready", displayName: "A" } });
  });

  it("is the same object when a block reports nothing new", () => {
    const fact: PageAction = { type: "facts", id: "a", facts: { state: "ready", displayName: "A" } };
    const state = run(add("a"), fact);
    expect(reducePage(state, fact)).toBe(state);
    expect(reducePage(state, { type: "select", ids: ["a"] })).toBe(state);
  });

  it("follows another tab as a step that can be undone", () => {
    const state = run(add("a"), { type: "adopt", document: { blocks: [block("x")] } });
    expect(ids(state)).toEqual(["x"]);
    expect(ids(reducePage(state, { type: "undo" }))).toEqual(["a"]);
    expect(reducePage(state, { type: "adopt", document: { blocks: [block("x")] } })).toBe(state);
  });

  it.each([
    ["mine", ["a"], ["x"]],
    ["theirs", ["x"], ["a"]],
  ] as const)("after a conflict the version not taken (%s) is one undo away", (take, now, undone) => {
    const saved = { schema: 2, revision: "r", document: { blocks: [block("x")] } } as const;
    const state = run(add("a"), { type: "conflict", saved }, { type: "resolve", take });
    expect(state.conflict).toBeUndefined();
    expect(ids(state)).toEqual(now);
    expect(ids(reducePage(state, { type: "undo" }))).toEqual(undone);
  });
});
