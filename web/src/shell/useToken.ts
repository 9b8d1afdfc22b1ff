import { useSyncExternalStore } from "react";
import { sessionToken } from "./token";

let before = sessionToken.read();
let changes = 0;

/** A number that changes with the access token of this tab, for what has to be read again then. */
export function useToken(): number {
  useSyncExternalStore(sessionToken.subscribe, sessionToken.read);
  if (sessionToken.read() !== before) {
    before = sessionToken.read();
    changes += 1;
  }
  return changes;
}
