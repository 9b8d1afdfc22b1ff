import { useCallback, useState } from "react";
import { localStore } from "../shell/stores";

const key = "genie-handoff.single-keys";

/** Whether keys that are a single character act; kept in this browser. On unless switched off. */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => localStore()?.getItem(key) !== "off");
  const set = useCallback((next: boolean) => {
    setOn(next);
    try {
      if (next) localStore()?.removeItem(key);
      else localStore()?.setItem(key, "off");
    } catch {
      // The choice then lasts until the page is reloaded.
    }
  }, []);
  return [on, set];
}
