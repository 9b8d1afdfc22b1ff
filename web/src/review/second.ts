/** The second wasm module, which says schedules in words and compares SQL. A review shows what it can until it is there. */
import { useSyncExternalStore } from "react";
import { initSuggest } from "../api";

/** Whether it is there. `failed`: it could not be loaded, which is tried again when somebody next asks. */
export type SecondModule = "waiting" | "there" | "failed";

let state: SecondModule = "waiting";
let asked = false;
const listeners = new Set<() => void>();

/** Loads the module with the first component that asks, and draws each of them again when it is there. */
export function useSecondModule(): SecondModule {
  return useSyncExternalStore(subscribe, () => state);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!asked) {
    asked = true;
    initSuggest().then(
      () => tell("there"),
      () => {
        asked = false;
        tell("failed");
      },
    );
  }
  return () => listeners.delete(listener);
}

function tell(now: SecondModule): void {
  state = now;
  for (const listener of listeners) listener();
}
