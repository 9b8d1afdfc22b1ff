import { useCallback, useRef, useState } from "react";
import { type HandoffError, toHandoffError } from "../api";
import { newIdempotencyKey } from "../api/call";
import { useAnnounce } from "./Announcer";

/** Something that is being done outside of the page, one thing at a time. */
export interface Acting {
  /** What is being done. */
  readonly doing?: string;
  readonly error?: HandoffError;
}

/**
 * Does one thing at a time. A second press while it is being done is ignored, and trying the same again after a lost answer
 * uses the same key, so that it is done once.
 */
export function useAct(): Acting & {
  act: (name: string, what: (key: string) => Promise<unknown>, done: string) => Promise<boolean>;
  forget: () => void;
} {
  const [state, setState] = useState<Acting>({});
  const busy = useRef(false);
  const open = useRef<{ name: string; key: string }>(undefined);
  const announce = useAnnounce();

  const act = useCallback(
    async (name: string, what: (key: string) => Promise<unknown>, done: string) => {
      if (busy.current) return false;
      busy.current = true;
      const key = open.current?.name === name ? open.current.key : newIdempotencyKey();
      setState({ doing: name });
      try {
        await what(key);
        open.current = undefined;
        setState({});
        announce(done);
        return true;
      } catch (cause) {
        const error = toHandoffError(cause);
        // Without an answer nobody knows whether it was done: the next press must mean the same.
        open.current = error.status === undefined || error.status >= 500 ? { name, key } : undefined;
        setState({ error });
        return false;
      } finally {
        busy.current = false;
      }
    },
    [announce],
  );
  const forget = useCallback(() => setState({}), []);
  return { ...state, act, forget };
}
