import { useCallback, useEffect, useRef, useState } from "react";
import { type HandoffError, toHandoffError } from "../api";

/** A list that is read page by page. */
export interface Paged<T> {
  readonly items: readonly T[];
  readonly state: "idle" | "reading" | "done" | "failed";
  readonly since: number;
  readonly error?: HandoffError;
  /** Whether there is more to read. */
  readonly more: boolean;
  /** Reads the first page, or the next. */
  readonly read: () => void;
  /** Reads the list from its start. What is shown stays until the answer is there. */
  readonly again: () => void;
  readonly stop: () => void;
}

/** Reads pages when asked to. One list for the life of the component. */
export function usePages<T>(
  load: (
    pageToken: string | undefined,
    signal: AbortSignal,
  ) => Promise<{ readonly items: readonly T[]; readonly next?: string | undefined }>,
): Paged<T> {
  const [view, setView] = useState<Omit<Paged<T>, "read" | "again" | "stop">>({
    items: [],
    state: "idle",
    since: 0,
    more: false,
  });
  const next = useRef<string>(undefined);
  const running = useRef<AbortController>(undefined);

  useEffect(() => () => running.current?.abort(), []);

  const ask = useCallback(
    (from: string | undefined) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setView((before) => ({ items: before.items, more: before.more, state: "reading", since: Date.now() }));
      load(from, controller.signal).then(
        (page) => {
          if (controller.signal.aborted) return;
          next.current = page.next;
          setView((before) => ({
            items: from === undefined ? page.items : [...before.items, ...page.items],
            state: "done",
            since: before.since,
            more: page.next !== undefined,
          }));
        },
        (cause: unknown) => {
          if (controller.signal.aborted) return;
          setView((before) => ({ ...before, state: "failed", error: toHandoffError(cause) }));
        },
      );
    },
    [load],
  );
  const read = useCallback(() => ask(next.current), [ask]);
  const again = useCallback(() => ask(undefined), [ask]);
  const stop = useCallback(() => {
    running.current?.abort();
    setView((before) => ({ ...before, state: before.items.length > 0 ? "done" : "idle" }));
  }, []);
  return { ...view, read, again, stop };
}
