import { useEffect, useState } from "react";
import { caller } from "../api";
import { toWorkspaceOrigin } from "./workspace";

/**
 * The address of the workspace, from one deep health check when it is first of use. Only a link depends on it, so a
 * refusal or failure is left alone.
 */
export function useWorkspaceOrigin(wanted: boolean): string | undefined {
  const [origin, setOrigin] = useState<string>();
  useEffect(() => {
    if (!wanted) return;
    const controller = new AbortController();
    caller.health({ deep: true, signal: controller.signal }).then(
      (health) => {
        if (!controller.signal.aborted) setOrigin(toWorkspaceOrigin(health.host));
      },
      () => {},
    );
    return () => controller.abort();
  }, [wanted]);
  return origin;
}
