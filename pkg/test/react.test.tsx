// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { StrictMode, useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createClient,
  type GenieSpace,
  type HandoffClient,
  HandoffError,
  type ReadOptions,
} from "../dist/inline.js";
import { type GenieBlock, useGenieBlock } from "../dist/react.js";

const A = "a".repeat(32);
const B = "b".repeat(32);

/** A client whose answers the test gives by hand, in any order. */
function fakeClient() {
  const calls: {
    id: string;
    options: ReadOptions;
    answer: (space: Partial<GenieSpace>) => Promise<void>;
    fail: (error: unknown) => Promise<void>;
  }[] = [];
  const getGenie = vi.fn(
    (id: string, options: ReadOptions = {}) =>
      new Promise<GenieSpace>((resolve, reject) => {
        calls.push({
          id,
          options,
          answer: (space) =>
            act(async () => resolve({ space_id: id, display_name: id[0], ...space } as GenieSpace)),
          fail: (error) => act(async () => reject(error)),
        });
      }),
  );
  const client = { getGenie } as unknown as HandoffClient;
  const last = () => {
    const call = calls.at(-1);
    if (call === undefined) throw new Error("no call was made");
    return call;
  };
  return { client, calls, last };
}

let block: GenieBlock;
const renders: GenieBlock[] = [];

function Block(props: { client: HandoffClient; spaceId: string | undefined; auto?: boolean }) {
  block = useGenieBlock(props);
  renders.push(block);
  return <output>{`${block.state} ${block.space?.display_name ?? "-"} ${block.error?.code ?? "-"}`}</output>;
}

const shown = () => screen.getByRole("status").textContent;

let complaints: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  renders.length = 0;
  complaints = vi.spyOn(console, "error");
});
afterEach(() => {
  cleanup();
  // React complains here about updates after unmounting, missing act() and the like.
  expect(complaints).not.toHaveBeenCalled();
});

describe("useGenieBlock", () => {
  it("goes from loading to ready", async () => {
    const { client, last } = fakeClient();
    const before = Date.now();
    render(<Block client={client} spaceId={A} />);
    expect(shown()).toBe("loading - -");
    expect(block.since).toBeGreaterThanOrEqual(before);
    expect(last().options.noCache).toBe(false);
    await last().answer({});
    expect(shown()).toBe("ready a -");
    expect(block.since).toBeUndefined();
    // Never a moment of another state in between.
    expect(new Set(renders.map(({ state }) => state))).toEqual(new Set(["loading", "ready"]));
  });

  it("is idle without an id, and when asked not to begin by itself", async () => {
    const { client, calls, last } = fakeClient();
    const view = render(<Block client={client} spaceId={undefined} />);
    expect(shown()).toBe("idle - -");
    act(() => block.retry());
    expect(shown()).toBe("idle - -");
    view.rerender(<Block client={client} spaceId={A} auto={false} />);
    expect(shown()).toBe("idle - -");
    expect(calls).toHaveLength(0);
    act(() => block.retry());
    expect(shown()).toBe("loading - -");
    await last().answer({});
    expect(shown()).toBe("ready a -");
    view.rerender(<Block client={client} spaceId={A} auto />);
    expect(calls).toHaveLength(1);
  });

  it("shows what failed, and retries past the cache", async () => {
    const { client, calls, last } = fakeClient();
    render(<Block client={client} spaceId={A} />);
    const error = new HandoffError("upstream_unreachable", "Databricks could not be reached.", {
      retryAfter: 3,
    });
    await last().fail(error);
    expect(shown()).toBe("error - upstream_unreachable");
    expect(block.error).toBe(error);
    act(() => block.retry());
    expect(shown()).toBe("loading - -");
    expect(last().options.noCache).toBe(true);
    await last().answer({});
    expect(shown()).toBe("ready a -");
    expect(calls).toHaveLength(2);
  });

  it("keeps the last answer for the same id while it asks again", async () => {
    const { client, last } = fakeClient();
    const view = render(<Block client={client} spaceId={A} />);
    await last().answer({});
    act(() => block.retry());
    expect(shown()).toBe("loading a -");
    await last().fail(new HandoffError("timeout", "late"));
    expect(shown()).toBe("error a timeout");
    view.rerender(<Block client={client} spaceId={B} />);
    expect(shown()).toBe("loading - -");
  });

  it("turns what is no HandoffError into one", async () => {
    const { client, last } = fakeClient();
    render(<Block client={client} spaceId={A} />);
    const cause = new Error("odd");
    await last().fail(cause);
    expect(shown()).toBe("error - internal_error");
    expect(block.error?.cause).toBe(cause);
  });

  it("aborts when it goes away, and a late answer changes nothing", async () => {
    const { client, last } = fakeClient();
    const view = render(<Block client={client} spaceId={A} />);
    const { retry, stop } = block;
    view.unmount();
    expect(last().options.signal?.aborted).toBe(true);
    const count = renders.length;
    await last().answer({});
    act(() => {
      retry();
      stop();
    });
    expect(renders).toHaveLength(count);
    expect(client.getGenie).toHaveBeenCalledTimes(1);
  });

  it("never lets the answer for one id win over another", async () => {
    const { client, calls } = fakeClient();
    const view = render(<Block client={client} spaceId={A} />);
    view.rerender(<Block client={client} spaceId={B} />);
    expect(calls.map(({ options }) => options.signal?.aborted)).toEqual([true, false]);
    await calls[1]?.answer({});
    expect(shown()).toBe("ready b -");
    await calls[0]?.answer({});
    expect(shown()).toBe("ready b -");
    view.rerender(<Block client={client} spaceId={A} />);
    await calls[0]?.fail(new Error("late"));
    expect(shown()).toBe("loading - -");
    await calls[2]?.answer({ display_name: "fresh" });
    expect(shown()).toBe("ready fresh -");
  });

  it("never shows the space of one id under another, not for one render", async () => {
    const { client, last } = fakeClient();
    const view = render(<Block client={client} spaceId={A} />);
    await last().answer({});
    renders.length = 0;
    view.rerender(<Block client={client} spaceId={B} />);
    expect(renders.map(({ state, space }) => [state, space])).not.toContainEqual([
      "ready",
      expect.anything(),
    ]);
    expect(renders.every(({ space }) => space === undefined)).toBe(true);
  });

  it("stops on request and starts again on retry", async () => {
    const { client, calls, last } = fakeClient();
    const view = render(<Block client={client} spaceId={A} />);
    act(() => block.stop());
    expect(shown()).toBe("idle - -");
    expect(last().options.signal?.aborted).toBe(true);
    view.rerender(<Block client={client} spaceId={A} />);
    expect(calls).toHaveLength(1);
    await last().answer({});
    expect(shown()).toBe("idle - -");
    act(() => block.retry());
    await last().answer({});
    expect(shown()).toBe("ready a -");
    act(() => block.stop());
    expect(shown()).toBe("ready a -");
  });

  it("gives functions that never change", async () => {
    const { client, last } = fakeClient();
    const view = render(<Block client={client} spaceId={A} />);
    const { retry, stop } = block;
    await last().answer({});
    view.rerender(<Block client={client} spaceId={B} />);
    expect(block.retry).toBe(retry);
    expect(block.stop).toBe(stop);
    // An old function still speaks of the block of today.
    act(() => retry());
    expect(last().id).toBe(B);
  });

  it("asks again with another client", async () => {
    const one = fakeClient();
    const two = fakeClient();
    const view = render(<Block client={one.client} spaceId={A} />);
    await one.last().answer({});
    view.rerender(<Block client={two.client} spaceId={A} />);
    expect(shown()).toBe("loading - -");
    await two.last().answer({ display_name: "two" });
    expect(shown()).toBe("ready two -");
  });

  it("in StrictMode makes one call on the wire, not two", async () => {
    const fetch = vi.fn(async (_: unknown, init?: RequestInit) => {
      if (init?.signal?.aborted) throw init.signal.reason;
      return Response.json({ space_id: A, display_name: "strict" });
    });
    const client = createClient({ fetch: fetch as unknown as typeof globalThis.fetch });
    render(
      <StrictMode>
        <Block client={client} spaceId={A} />
      </StrictMode>,
    );
    expect(shown()).toBe("loading - -");
    await screen.findByText("ready strict -");
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("in StrictMode still aborts, retries and switches", async () => {
    const { client, calls, last } = fakeClient();
    const tree = (spaceId: string) => (
      <StrictMode>
        <Block client={client} spaceId={spaceId} />
      </StrictMode>
    );
    const view = render(tree(A));
    await last().fail(new HandoffError("timeout", "late"));
    expect(shown()).toBe("error - timeout");
    act(() => block.retry());
    view.rerender(tree(B));
    await last().answer({});
    expect(shown()).toBe("ready b -");
    expect(calls.filter(({ options }) => options.signal?.aborted === false)).toEqual([last()]);
  });

  it("tells who makes a client on each render instead of asking for ever", async () => {
    const getGenie = vi.fn(() => new Promise<GenieSpace>(() => {}));
    render(<Careless getGenie={getGenie} />);
    expect(screen.getByRole("button").textContent).toContain("error Call createClient() once");
    expect(getGenie.mock.calls.length).toBeLessThan(40);
    const calls = getGenie.mock.calls.length;
    act(() => screen.getByRole("button").click());
    expect(getGenie.mock.calls.length).toBe(calls);
  });
});

/** Makes a client on each render, which is wrong. */
function Careless({ getGenie }: { getGenie: HandoffClient["getGenie"] }) {
  const [, again] = useState(0);
  const block = useGenieBlock({ client: { getGenie } as HandoffClient, spaceId: A });
  return (
    <button type="button" onClick={() => again((n) => n + 1)}>
      {`${block.state} ${block.error?.help ?? ""}`}
    </button>
  );
}
