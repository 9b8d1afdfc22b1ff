// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { useReducer } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CanvasDocument, GenieBlock } from "../src/canvas/document";
import { openCanvas } from "../src/canvas/keep";
import { reducePage, startPage } from "../src/canvas/state";
import { canvasKey, readCanvas, writeCanvas } from "../src/canvas/storage";
import { useAutosave } from "../src/canvas/useAutosave";

const block = (id: string): GenieBlock => ({
  id,
  kind: "genie",
  position: { x: 0, y: 0 },
  space: { kind: "unsettled" },
});
const theirs: CanvasDocument = { blocks: [block("beef")] };

/** One tab with the canvas open. */
function openTab() {
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `mine-${ids}`;
  };
  const opened = openCanvas(localStorage, sessionStorage, () => new Date(0));
  return renderHook(() => {
    const [state, dispatch] = useReducer(reducePage, opened.history, startPage);
    const save = useAutosave({
      state,
      dispatch,
      opened,
      local: localStorage,
      session: sessionStorage,
      newId,
    });
    return { state, dispatch, save };
  }).result;
}

type Tab = ReturnType<typeof openTab>;
const add = (tab: Tab, id: string) =>
  act(() => tab.current.dispatch({ type: "edit", edit: { type: "add", block: block(id) } }));
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));
const ids = (tab: Tab) => tab.current.state.history.present.blocks.map((one) => one.id);

function saved(): string[] | string {
  const result = readCanvas(localStorage.getItem(canvasKey));
  return result.kind === "canvas" ? result.saved.document.blocks.map((one) => one.id) : result.kind;
}

/** What the browser does when another tab saves. */
function otherTabSaves(document: CanvasDocument, revision: string) {
  const newValue = writeCanvas(document, revision);
  localStorage.setItem(canvasKey, newValue);
  act(() => {
    window.dispatchEvent(new StorageEvent("storage", { key: canvasKey, newValue }));
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("saves shortly after the last change, and writes nothing for a canvas nobody touched", () => {
  const tab = openTab();
  pass(1000);
  expect(saved()).toBe("none");
  add(tab, "a");
  expect(tab.current.save).toBe("saving");
  pass(200);
  add(tab, "b");
  pass(200);
  expect(saved()).toBe("none");
  pass(100);
  expect(saved()).toEqual(["a", "b"]);
  expect(tab.current.save).toBe("saved");
});

it("saves at once when the page is left", () => {
  const tab = openTab();
  add(tab, "a");
  act(() => {
    window.dispatchEvent(new Event("pagehide"));
  });
  expect(saved()).toEqual(["a"]);
});

it("follows another tab while nothing is unsaved, and does not answer with a save of its own", () => {
  const tab = openTab();
  add(tab, "a");
  pass(300);
  otherTabSaves(theirs, "theirs-1");
  expect(ids(tab)).toEqual(["beef"]);
  pass(1000);
  expect(localStorage.getItem(canvasKey)).toBe(writeCanvas(theirs, "theirs-1"));
  act(() => tab.current.dispatch({ type: "undo" }));
  pass(300);
  expect(saved()).toEqual(["a"]);
});

it.each([
  ["mine", ["a"], ["beef"]],
  ["theirs", ["beef"], ["a"]],
] as const)("asks when both tabs changed something; taking %s loses nothing", (take, taken, undone) => {
  const tab = openTab();
  add(tab, "a");
  otherTabSaves(theirs, "theirs-1");
  expect(tab.current.save).toBe("conflict");
  pass(1000);
  act(() => {
    window.dispatchEvent(new Event("pagehide"));
  });
  expect(saved()).toEqual(["beef"]);
  const leaving = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(leaving);
  expect(leaving.defaultPrevented).toBe(true);

  act(() => tab.current.dispatch({ type: "resolve", take }));
  pass(300);
  expect(saved()).toEqual(taken);
  expect(tab.current.save).toBe("saved");
  act(() => tab.current.dispatch({ type: "undo" }));
  pass(300);
  expect(saved()).toEqual(undone);
  const left = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(left);
  expect(left.defaultPrevented).toBe(false);
});

it("notices another tab's save at its own save, when no event told of it", () => {
  const tab = openTab();
  add(tab, "a");
  localStorage.setItem(canvasKey, writeCanvas(theirs, "theirs-1"));
  pass(300);
  expect(tab.current.save).toBe("conflict");
  expect(saved()).toEqual(["beef"]);
});

it("undo works after a reload", () => {
  const tab = openTab();
  add(tab, "a");
  add(tab, "b");
  pass(300);
  cleanup();
  const again = openTab();
  expect(ids(again)).toEqual(["a", "b"]);
  act(() => again.current.dispatch({ type: "undo" }));
  expect(ids(again)).toEqual(["a"]);
});

it("says when the browser keeps nothing", () => {
  const tab = openTab();
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  add(tab, "a");
  pass(300);
  expect(tab.current.save).toBe("failed");
  full.mockRestore();
  add(tab, "b");
  pass(300);
  expect(tab.current.save).toBe("saved");
});
