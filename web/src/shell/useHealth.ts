import { useCallback, useEffect, useRef, useState } from "react";
import { caller, type HandoffError, type Health, toHandoffError } from "../api";

/** What the page knows about its server. */
export type ServerState =
  | { readonly kind: "checking" }
  | { readonly kind: "up"; readonly health: Health }
  /** The last known answer stays, so that badges do not flicker while the server is away. */
  | {
      readonly kind: "down";
      readonly error: HandoffError;
      readonly health?: Health;
      readonly checking: boolean;
    };

/** The server as this page sees it. */
export interface ServerWatch {
  readonly server: ServerState;
  /** Asks now. */
  readonly check: () => void;
  /** How often the server has come back after it was away. */
  readonly returns: number;
}

/** Seconds between checks while the server is away: quick at first, then gentle. */
const pauses = [3, 5, 10, 20, 30];

/**
 * Asks `/health` when the page opens, when the browser comes back online, and again and again while the server
 * is away. A healthy server is not polled: a failing call is what makes people doubt it, and then `check` is called.
 */
export function useHealth(): ServerWatch {
  const [state, setState] = useState<ServerState>({ kind: "checking" });
  const running = useRef<AbortController>(undefined);
  const failures = useRef(0);
  const [returns, setReturns] = useState(0);

  const check = useCallback(() => {
    if (running.current) return;
    const controller = new AbortController();
    running.current = controller;
    setState((before) => (before.kind === "down" ? { ...before, checking: true } : before));
    caller.health({ signal: controller.signal }).then(
      (health) => {
        if (controller.signal.aborted) return;
        running.current = undefined;
        if (failures.current > 0) setReturns((before) => before + 1);
        failures.current = 0;
        setState({ kind: "up", health });
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return;
        running.current = undefined;
        failures.current += 1;
        setState((before) => {
          const health = before.kind === "checking" ? undefined : before.health;
          return { kind: "down", error: toHandoffError(cause), checking: false, ...(health && { health }) };
        });
      },
    );
  }, []);

  useEffect(() => {
    check();
    window.addEventListener("online", check);
    return () => {
      window.removeEventListener("online", check);
      running.current?.abort();
      running.current = undefined;
    };
  }, [check]);

  useEffect(() => {
    if (state.kind !== "down" || state.checking) return;
    const pause = pauses[Math.min(failures.current, pauses.length) - 1] ?? 30;
    const timer = setTimeout(check, pause * 1000);
    return () => clearTimeout(timer);
  }, [state, check]);

  return { server: state, check, returns };
}
