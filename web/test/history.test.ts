import { describe, expect, it } from "vitest";
import { amend, commit, historyLimit, mergeWindow, redo, startHistory, undo } from "../src/canvas/history";

describe("history", () => {
  it("goes back and forth through the same values, with the names of the steps", () => {
    const three = commit(commit(startHistory("one"), "two", "first"), "three", "second");
    expect(three.past.at(-1)?.label).toBe("second");
    const two = undo(three);
    expect(two.present).toBe("two");
    expect(two.future[0]?.label).toBe("second");
    expect(undo(two).present).toBe("one");
    expect(redo(two).present).toBe("three");
    expect(redo(undo(two)).present).toBe("two");
  });

  it("stays as it is when there is no step", () => {
    const start = startHistory("one");
    expect(undo(start)).toBe(start);
    expect(redo(start)).toBe(start);
    expect(commit(start, "one", "nothing")).toBe(start);
  });

  it("forgets undone steps when something new is done", () => {
    const history = commit(undo(commit(startHistory("one"), "two", "a")), "other", "b");
    expect(redo(history)).toBe(history);
    expect(history.past).toHaveLength(1);
  });

  it("joins quick repeats of one gesture, and nothing else", () => {
    const key = "move a";
    const first = commit(startHistory(0), 1, "move", { key, at: 0 });
    const second = commit(first, 2, "move", { key, at: mergeWindow });
    expect(second.past).toHaveLength(1);
    expect(undo(second).present).toBe(0);
    expect(commit(second, 3, "move", { key, at: mergeWindow * 2 + 1 }).past).toHaveLength(2);
    expect(commit(second, 3, "move", { key: "move b", at: mergeWindow }).past).toHaveLength(2);
    expect(commit(second, 3, "move").past).toHaveLength(2);
    // After an undo, the next move is a step of its own.
    expect(commit(undo(second), 9, "move", { key, at: mergeWindow }).past).toHaveLength(1);
  });

  it("keeps a limited number of steps, the latest ones", () => {
    let history = startHistory(0);
    for (let i = 1; i <= historyLimit + 20; i += 1) history = commit(history, i, "count");
    expect(history.past).toHaveLength(historyLimit);
    expect(history.past[0]?.value).toBe(20);
  });

  it("amends every state at once without a step", () => {
    const history = undo(commit(commit(startHistory("a?"), "ab?", "1"), "abc?", "2"));
    const amended = amend(history, (value) => value.replace("?", "!"));
    expect([amended.past[0]?.value, amended.present, amended.future[0]?.value]).toEqual([
      "a!",
      "ab!",
      "abc!",
    ]);
    expect(amended.past).toHaveLength(1);
  });
});
