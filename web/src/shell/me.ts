/** Who the server takes this tab for: asked once a page, and again when the token changes. */
import { useEffect, useSyncExternalStore } from "react";
import { HandoffError, toHandoffError } from "../api";
import { getMe } from "../api/audit";
import type { Me, Role } from "../api/types";
import { sessionToken } from "./token";

/** What is known about that. */
export type MeState =
  | { readonly kind: "asking" }
  | { readonly kind: "known"; readonly me: Me }
  /** Refused, or not to be had: pages then go by what each call says. */
  | { readonly kind: "unknown"; readonly error: HandoffError };

let state: MeState = { kind: "asking" };
let asked: AbortController | undefined;
const listeners = new Set<() => void>();

function become(next: MeState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Asks now. What was known stays until there is an answer. */
export function askMe(): void {
  asked?.abort();
  const controller = new AbortController();
  asked = controller;
  getMe({ signal: controller.signal }).then(
    (me) => !controller.signal.aborted && become({ kind: "known", me: checked(me) }),
    (cause: unknown) =>
      !controller.signal.aborted && become({ kind: "unknown", error: toHandoffError(cause) }),
  );
}

/** An answer without a name is none. */
function checked(me: Me): Me {
  if (typeof me.name === "string" && Array.isArray(me.roles)) return me;
  throw new HandoffError("invalid_response", "The server did not say who you are.");
}

sessionToken.subscribe(() => {
  if (asked) askMe();
});

/** Who this is; shared by everything on the page. */
export function useMe(): MeState {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
  useEffect(() => {
    if (!asked) askMe();
  }, []);
  return now;
}

/**
 * Whether this person may do it, as far as the page knows: until the server has said otherwise, buttons stay on, and the
 * server decides.
 */
export function mayAct(me: MeState, role: Role): boolean {
  return me.kind !== "known" || me.me.roles.includes(role);
}
