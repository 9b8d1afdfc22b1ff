import { useCallback, useEffect, useState } from "react";
import type { HandoffError } from "../api";
import { waitFor } from "./failure";

/** A next attempt that comes by itself. */
export interface RetryLater {
  /** When, in milliseconds since 1970; absent when only people should try again. */
  readonly at?: number;
  /** Leaves it to people. */
  readonly cancel: () => void;
}

/** Calls `retry` once the server's own waiting time is over, for errors that ask for one. */
export function useRetryLater(error: HandoffError | undefined, retry: () => void): RetryLater {
  const [plan, setPlan] = useState<{ error: HandoffError; at: number }>();

  useEffect(() => {
    const seconds = error && waitFor(error);
    if (!error || seconds === undefined) return;
    setPlan({ error, at: Date.now() + seconds * 1000 });
  }, [error]);

  const at = plan && plan.error === error ? plan.at : undefined;
  useEffect(() => {
    if (at === undefined) return;
    const timer = setTimeout(retry, Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  }, [at, retry]);

  const cancel = useCallback(() => setPlan(undefined), []);
  return at === undefined ? { cancel } : { at, cancel };
}
