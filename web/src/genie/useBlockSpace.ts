import { useGenieBlock } from "genie-handoff/react";
import { useCallback, useContext, useEffect, useSyncExternalStore } from "react";
import type { GenieSpace, HandoffError } from "../api";
import { client } from "../api/genie";
import { useCanvasActions } from "../canvas/context";
import type { GenieBlock } from "../canvas/document";
import { sessionToken } from "../shell/token";
import { ServerReturns } from "../shell/workspace";
import { failureKind, type Subject } from "./failure";
import { useFirstSpace } from "./useFirstSpace";
import { useRetryLater } from "./useRetryLater";

/** What a block shows in its body. */
export type BlockView =
  | {
      readonly kind: "finding" | "loading";
      readonly since: number;
      readonly stop: () => void;
      /** What was read before, while it is read again. */
      readonly space?: GenieSpace;
    }
  | { readonly kind: "none" }
  | { readonly kind: "stopped"; readonly subject: Subject; readonly start: () => void }
  | { readonly kind: "ready"; readonly space: GenieSpace; readonly reload: () => void }
  | {
      readonly kind: "failed";
      readonly subject: Subject;
      readonly error: HandoffError;
      readonly retry: () => void;
      /** When the next attempt comes by itself; `giveUp` leaves it to people. */
      readonly retryAt?: number;
      readonly giveUp: () => void;
    };

/** Reads the space of a block; for a block without one, finds the first of the workspace and settles on it. */
export function useBlockSpace(block: GenieBlock): BlockView {
  const { dispatch, doubtServer } = useCanvasActions();
  const spaceId = block.space.kind === "space" ? block.space.spaceId : undefined;
  const settle = useCallback(
    (found: string) => dispatch({ type: "settle", id: block.id, spaceId: found }),
    [dispatch, block.id],
  );
  const first = useFirstSpace(spaceId === undefined, settle);
  const genie = useGenieBlock({ client, spaceId });

  const listError = first.result.state === "error" ? first.result.error : undefined;
  const error = spaceId === undefined ? listError : genie.error;
  const retry = spaceId === undefined ? first.retry : genie.retry;
  const later = useRetryLater(error, retry);
  useRetryWithNewToken(error, retry);
  useRetryWhenServerReturns(error, retry);

  useEffect(() => {
    if (error && failureKind(error) === "offline") doubtServer();
  }, [error, doubtServer]);

  const subject: Subject = spaceId === undefined ? "list" : "space";
  if (error) {
    const failed = { kind: "failed", subject, error, retry, giveUp: later.cancel } as const;
    return later.at === undefined ? failed : { ...failed, retryAt: later.at };
  }
  if (spaceId === undefined) {
    if (first.result.state === "none") return { kind: "none" };
    if (first.result.state === "stopped") return { kind: "stopped", subject, start: first.retry };
    const since = first.result.state === "finding" ? first.result.since : Date.now();
    return { kind: "finding", since, stop: first.stop };
  }
  switch (genie.state) {
    case "ready":
      return { kind: "ready", space: genie.space, reload: genie.retry };
    case "loading":
      return {
        kind: "loading",
        since: genie.since,
        stop: genie.stop,
        ...(genie.space && { space: genie.space }),
      };
    default:
      // Stopped while reading again: what was read before still stands.
      if (genie.space) return { kind: "ready", space: genie.space, reload: genie.retry };
      return { kind: "stopped", subject, start: genie.retry };
  }
}

/** A refused block asks again as soon as there is another token. */
function useRetryWithNewToken(error: HandoffError | undefined, retry: () => void): void {
  const token = useSyncExternalStore(sessionToken.subscribe, sessionToken.read);
  const refused = error?.status === 401 || error?.status === 403;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another token is a reason to ask again.
  useEffect(() => {
    if (refused && token !== undefined) retry();
  }, [token]);
}

/** A block that could not reach the server asks again when the server is back. */
function useRetryWhenServerReturns(error: HandoffError | undefined, retry: () => void): void {
  const returns = useContext(ServerReturns);
  const away = error !== undefined && failureKind(error) === "offline";
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the server's return is a reason to ask again.
  useEffect(() => {
    if (away && returns > 0) retry();
  }, [returns]);
}
