import { useCallback, useEffect, useReducer, useRef } from "react";
import { type HandoffError, toHandoffError } from "../api";

/** Something that is read from elsewhere. What was read stays while it is read again, also if that fails. */
export interface Resource<T> {
  readonly value?: T;
  /** Why the last attempt failed. */
  readonly error?: HandoffError;
  /** Since when it is being read, in milliseconds since 1970. */
  readonly since?: number;
}

type Action<T> =
  | { readonly type: "ask"; readonly at: number; readonly fresh: boolean }
  | { readonly type: "got"; readonly value: T }
  | { readonly type: "failed"; readonly error: HandoffError };

export function reduceResource<T>(state: Resource<T>, action: Action<T>): Resource<T> {
  switch (action.type) {
    case "ask":
      return {
        ...(!action.fresh && state.value !== undefined && { value: state.value }),
        since: action.at,
      };
    case "got":
      return { value: action.value };
    case "failed":
      return { ...(state.value !== undefined && { value: state.value }), error: action.error };
  }
}

/** A resource with the ways to renew it. */
export interface Loaded<T> extends Resource<T> {
  readonly reload: () => void;
  /** Puts in what another call has brought. */
  readonly put: (value: T) => void;
}

/**
 * Reads when the component appears and whenever `key` changes. An answer that comes too late is dropped, and what nobody
 * waits for any more is stopped.
 */
export function useResource<T>(key: string, read: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, dispatch] = useReducer(reduceResource<T>, { since: Date.now() });
  const running = useRef<AbortController>(undefined);
  const latest = useRef(read);
  latest.current = read;

  const ask = useCallback((fresh: boolean) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    dispatch({ type: "ask", at: Date.now(), fresh });
    latest.current(controller.signal).then(
      (value) => !controller.signal.aborted && dispatch({ type: "got", value }),
      (cause: unknown) =>
        !controller.signal.aborted && dispatch({ type: "failed", error: toHandoffError(cause) }),
    );
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when there is something else to read
  useEffect(() => {
    ask(true);
    return () => running.current?.abort();
  }, [ask, key]);

  const reload = useCallback(() => ask(false), [ask]);
  const put = useCallback((value: T) => {
    running.current?.abort();
    dispatch({ type: "got", value });
  }, []);
  return { ...state, reload, put };
}
