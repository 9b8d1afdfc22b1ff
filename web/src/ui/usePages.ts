import { useCallback, useEffect, useReducer, useRef } from "react";
import { type HandoffError, toHandoffError } from "../api";
import type { Page } from "../api/call";

/** A list that grows page by page. */
export interface Pages<T> {
  readonly items: readonly T[];
  /** Where the next page begins; absent if there is none, or nothing was read yet. */
  readonly next?: string;
  /** Whether at least one page was read. */
  readonly ready: boolean;
  readonly error?: HandoffError;
  readonly since?: number;
}

type Action<T> =
  | { readonly type: "ask"; readonly at: number; readonly fresh: boolean }
  | { readonly type: "got"; readonly page: Page<T>; readonly fresh: boolean }
  | { readonly type: "renewed"; readonly page: Page<T>; readonly idOf: (item: T) => string }
  | { readonly type: "failed"; readonly error: HandoffError };

const withNext = (next: string | undefined) => (next === undefined ? {} : { next });

export function reducePages<T>(state: Pages<T>, action: Action<T>): Pages<T> {
  switch (action.type) {
    case "ask":
      return action.fresh
        ? { items: [], ready: false, since: action.at }
        : { items: state.items, ready: state.ready, ...withNext(state.next), since: action.at };
    case "got":
      return {
        items: action.fresh ? action.page.items : [...state.items, ...action.page.items],
        ready: true,
        ...withNext(action.page.next),
      };
    case "renewed": {
      // What was read further down stays where it is.
      const seen = new Set(action.page.items.map(action.idOf));
      const rest = state.items.filter((item) => !seen.has(action.idOf(item)));
      const grown = state.items.length > action.page.items.length;
      return {
        ...state,
        items: [...action.page.items, ...rest],
        ...(grown ? {} : withNext(action.page.next)),
      };
    }
    case "failed":
      return { items: state.items, ready: state.ready, ...withNext(state.next), error: action.error };
  }
}

/** A list with the ways to read on. */
export interface LoadedPages<T> extends Pages<T> {
  readonly more: () => void;
  readonly reload: () => void;
  /** Reads the first page anew and merges it, in silence: for polling. */
  readonly renew: () => void;
}

/** Reads the first page when the component appears and whenever `key` changes, and further pages when asked. */
export function usePages<T>(
  key: string,
  read: (next: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  idOf: (item: T) => string,
): LoadedPages<T> {
  const [state, dispatch] = useReducer(reducePages<T>, { items: [], ready: false, since: Date.now() });
  const running = useRef<AbortController>(undefined);
  const renewing = useRef<AbortController>(undefined);
  const latest = useRef({ read, idOf });
  latest.current = { read, idOf };

  const ask = useCallback((next: string | undefined) => {
    running.current?.abort();
    renewing.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const fresh = next === undefined;
    dispatch({ type: "ask", at: Date.now(), fresh });
    latest.current.read(next, controller.signal).then(
      (page) => !controller.signal.aborted && dispatch({ type: "got", page, fresh }),
      (cause: unknown) =>
        !controller.signal.aborted && dispatch({ type: "failed", error: toHandoffError(cause) }),
    );
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when there is another list to read
  useEffect(() => {
    ask(undefined);
    return () => {
      running.current?.abort();
      renewing.current?.abort();
    };
  }, [ask, key]);

  const renew = useCallback(() => {
    renewing.current?.abort();
    const controller = new AbortController();
    renewing.current = controller;
    latest.current.read(undefined, controller.signal).then(
      (page) => !controller.signal.aborted && dispatch({ type: "renewed", page, idOf: latest.current.idOf }),
      () => {
        // The list that is shown is still the last that was known; the next renewal may succeed.
      },
    );
  }, []);
  const { next } = state;
  const more = useCallback(() => next !== undefined && ask(next), [ask, next]);
  const reload = useCallback(() => ask(undefined), [ask]);
  return { ...state, more, reload, renew };
}
