import { useCallback, useEffect, useRef, useState } from "react";
import type { GenieSpace } from "./api-types.js";
import type { HandoffClient } from "./client.js";
import { HandoffError } from "./errors.js";

export interface GenieBlockOptions {
  /** Make it once, outside the component or in `useMemo`: another client is another question. */
  client: HandoffClient;
  /** Without an id the block is idle. */
  spaceId: string | undefined;
  /** Ask as soon as there is an id (default). Otherwise the block is idle until `retry()`. */
  auto?: boolean;
}

/** What the block shows. `space` outside `ready` is the last answer for the same id, if there was one. */
export type GenieBlockState =
  | { state: "idle"; space?: GenieSpace; error?: undefined; since?: undefined }
  /** `since`: when the call began, epoch milliseconds. */
  | { state: "loading"; space?: GenieSpace; error?: undefined; since: number }
  | { state: "ready"; space: GenieSpace; error?: undefined; since?: undefined }
  | { state: "error"; space?: GenieSpace; error: HandoffError; since?: undefined };

export type GenieBlock = GenieBlockState & {
  /** Asks again, past the server's cache; a running call is dropped. The function never changes. */
  retry: () => void;
  /** Drops the running call; the block is idle until `retry()` or another id. The function never changes. */
  stop: () => void;
};

interface Question {
  client: HandoffClient;
  spaceId: string | undefined;
}

interface Attempt extends Question {
  controller: AbortController;
}

interface Shown extends Question {
  is: GenieBlockState;
  /** Stays although the client changes, because the changing client is what is wrong. */
  anyClient?: boolean;
}

const IDLE: GenieBlockState = { state: "idle" };

/** So many clients in a row, none of which got an answer, are one made anew on each render. */
const MAX_UNANSWERED_CLIENTS = 25;

/**
 * Loads a Genie space for a block: `idle`, `loading`, `ready` or `error` with `retry()`.
 *
 * The call is aborted when the block goes away or gets another id, and an answer that comes too late changes nothing.
 */
export function useGenieBlock({ client, spaceId, auto = true }: GenieBlockOptions): GenieBlock {
  const [shown, setShown] = useState<Shown>({ client, spaceId, is: waiting(auto, spaceId) });
  const attempt = useRef<Attempt | undefined>(undefined);
  /** The question of the mounted block; `undefined` while it is not mounted, so that nothing can start. */
  const current = useRef<Question | undefined>(undefined);
  const unanswered = useRef({ spaceId, client, clients: 0 });

  const start = useCallback((question: Question, noCache: boolean) => {
    attempt.current?.controller.abort();
    const controller = new AbortController();
    const { client, spaceId } = question;
    attempt.current = { client, spaceId, controller };
    if (spaceId === undefined) return;

    const show = (next: (space: { space?: GenieSpace }) => GenieBlockState) =>
      setShown((before) => {
        const space = same(before, question) ? before.is.space : undefined;
        return { client, spaceId, is: next(space === undefined ? {} : { space }) };
      });
    const since = Date.now();
    show((space) => ({ state: "loading", since, ...space }));
    client.getGenie(spaceId, { signal: controller.signal, noCache }).then(
      (space) => {
        if (controller.signal.aborted) return;
        unanswered.current.clients = 0;
        show(() => ({ state: "ready", space }));
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return;
        unanswered.current.clients = 0;
        const error = HandoffError.is(cause)
          ? cause
          : new HandoffError("internal_error", "The client failed in a way that it should not.", { cause });
        show((space) => ({ state: "error", error, ...space }));
      },
    );
  }, []);

  // Keeps track of the question, and ends a call whose question is over.
  useEffect(() => {
    current.current = { client, spaceId };
    return () => {
      current.current = undefined;
      attempt.current?.controller.abort();
      attempt.current = undefined;
    };
  }, [client, spaceId]);

  useEffect(() => {
    if (!auto || spaceId === undefined || attempt.current !== undefined) return;
    const seen = unanswered.current;
    if (seen.spaceId !== spaceId) unanswered.current = { spaceId, client, clients: 0 };
    else if (seen.client !== client) unanswered.current = { spaceId, client, clients: seen.clients + 1 };
    if (unanswered.current.clients > MAX_UNANSWERED_CLIENTS) {
      const error = new HandoffError("invalid_argument", "The block gets another client on each render.", {
        path: "client",
        help: "Call createClient() once: outside the component, or in useMemo.",
      });
      // Showing it makes one more render and so one more client: once is enough.
      setShown((before) =>
        before.anyClient ? before : { client, spaceId, is: { state: "error", error }, anyClient: true },
      );
      return;
    }
    start({ client, spaceId }, false);
  }, [client, spaceId, auto, start]);

  const retry = useCallback(() => {
    if (current.current === undefined) return;
    unanswered.current.clients = 0;
    start(current.current, true);
  }, [start]);

  const stop = useCallback(() => {
    const running = attempt.current;
    if (running === undefined) return;
    running.controller.abort();
    setShown((before) => {
      if (before.is.state !== "loading") return before;
      const { space } = before.is;
      return { ...before, is: space === undefined ? IDLE : { state: "idle", space } };
    });
  }, []);

  // Until the effects have run, what is shown still answers the question before.
  const known = same(shown, { client, spaceId }) || (shown.anyClient === true && shown.spaceId === spaceId);
  const is = known ? shown.is : waiting(auto, spaceId);
  return { ...is, retry, stop };
}

function same(a: Question, b: Question): boolean {
  return a.client === b.client && a.spaceId === b.spaceId;
}

function waiting(auto: boolean, spaceId: string | undefined): GenieBlockState {
  return auto && spaceId !== undefined ? { state: "loading", since: Date.now() } : IDLE;
}
