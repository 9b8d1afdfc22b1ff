// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HandoffError } from "../src/api";
import { Announcer } from "../src/ui/Announcer";
import { useAct } from "../src/ui/useAct";
import { usePolling } from "../src/ui/usePolling";

let hidden = false;

beforeEach(() => {
  hidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function show(value: boolean) {
  hidden = !value;
  act(() => {
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

describe("renewing", () => {
  it("goes on while the page is seen, stops when it is hidden, and catches up at once", () => {
    const renew = vi.fn();
    renderHook(() => usePolling(4, renew));
    vi.advanceTimersByTime(8000);
    expect(renew).toHaveBeenCalledTimes(2);
    show(false);
    vi.advanceTimersByTime(600_000);
    expect(renew).toHaveBeenCalledTimes(2);
    show(true);
    expect(renew).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(4000);
    expect(renew).toHaveBeenCalledTimes(4);
  });

  it("without a pace nothing is asked, also not when the page comes back", () => {
    const renew = vi.fn();
    renderHook(() => usePolling(undefined, renew));
    show(false);
    show(true);
    vi.advanceTimersByTime(600_000);
    expect(renew).not.toHaveBeenCalled();
  });

  it("ends with its component", () => {
    const renew = vi.fn();
    renderHook(() => usePolling(4, renew)).unmount();
    vi.advanceTimersByTime(60_000);
    expect(renew).not.toHaveBeenCalled();
  });
});

describe("doing something once", () => {
  const lost = new HandoffError("network_error", "gone");
  const refused = new HandoffError("plan_hash_stale", "stale", { status: 409 });

  it("after a lost answer the same again has the same key; after a refusal it has a new one", async () => {
    const keys: string[] = [];
    const { result } = renderHook(() => useAct(), { wrapper: Announcer });
    const run = (error?: HandoffError) =>
      act(async () => {
        await result.current.act(
          "deploy",
          (key) => {
            keys.push(key);
            return error ? Promise.reject(error) : Promise.resolve();
          },
          "done",
        );
      });
    await run(lost);
    expect(result.current.error).toBe(lost);
    await run(refused);
    await run();
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
    expect(result.current.error).toBeUndefined();
  });

  it("a second press while it is done is ignored", async () => {
    const what = vi.fn(() => new Promise<void>(() => {}));
    const { result } = renderHook(() => useAct(), { wrapper: Announcer });
    act(() => {
      void result.current.act("run", what, "done");
      void result.current.act("run", what, "done");
    });
    expect(what).toHaveBeenCalledTimes(1);
  });
});
