import { useCallback, useEffect, useState } from "react";
import { type HandoffError, toHandoffError } from "../api";
import { client } from "../api/genie";

/** The search for a space that a new block can start with. */
export type FirstSpace =
  | { readonly state: "off" }
  | { readonly state: "finding"; readonly since: number }
  | { readonly state: "none" }
  | { readonly state: "stopped" }
  | { readonly state: "error"; readonly error: HandoffError };

/**
 * While `wanted`, asks for the first space of the workspace's list and hands its id to `onFound`. The call ends
 * when the block goes away or no longer wants it.
 */
export function useFirstSpace(wanted: boolean, onFound: (spaceId: string) => void) {
  const [result, setResult] = useState<FirstSpace>({ state: "off" });
  const [attempt, setAttempt] = useState(0);
  const [stopped, setStopped] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another call.
  useEffect(() => {
    if (!wanted || stopped) return;
    const controller = new AbortController();
    setResult({ state: "finding", since: Date.now() });
    client.listSpaces({ pageSize: 1, signal: controller.signal }).then(
      (page) => {
        if (controller.signal.aborted) return;
        const first = page.spaces[0];
        if (first) onFound(first.space_id);
        else setResult({ state: "none" });
      },
      (cause: unknown) => {
        if (!controller.signal.aborted) setResult({ state: "error", error: toHandoffError(cause) });
      },
    );
    return () => controller.abort();
  }, [wanted, stopped, attempt, onFound]);

  const retry = useCallback(() => {
    setStopped(false);
    setAttempt((before) => before + 1);
  }, []);
  const stop = useCallback(() => {
    setStopped(true);
    setResult({ state: "stopped" });
  }, []);
  return { result: wanted ? result : ({ state: "off" } as const), retry, stop };
}
