import { useEffect, useMemo, useReducer, useState } from "react";
import { openHandoff } from "../handoff/open";
import { type HandoffState, type OpenHandoff, reduceHandoff, startHandoff } from "../handoff/state";
import { draftKey, readDraft } from "../review/keep";
import { textAt } from "../review/pointer";
import { localStore } from "../shell/stores";

/** How opening the link of a block goes. The same steps as on the page that opens links, so that both say the same. */
export function usePilotLink(link: string | undefined): HandoffState & { readonly retry: () => void } {
  const [state, dispatch] = useReducer(reduceHandoff, link, (first) => startHandoff(first, Date.now()));
  useEffect(() => {
    dispatch(link === undefined ? { type: "forget" } : { type: "open", link, at: Date.now() });
  }, [link]);

  const opening = state.kind === "reading" || state.kind === "checking" ? state.link : undefined;
  useEffect(() => {
    if (opening === undefined) return;
    const controller = new AbortController();
    void openHandoff(opening, dispatch, controller.signal, new AbortController().signal);
    return () => controller.abort();
  }, [opening]);

  return {
    ...state,
    retry: () => link !== undefined && dispatch({ type: "open", link, at: Date.now() }),
  };
}

/** The name of the plan, as far as this browser has a draft of it; it follows the review in another tab. */
export function usePlanName(handoff: OpenHandoff | undefined): string | undefined {
  const key = useMemo(() => handoff && draftKey(handoff.context), [handoff]);
  const read = () => {
    const draft = key === undefined ? undefined : readDraft(localStore(), key);
    return (draft && textAt(draft.plan, "/plan_metadata/plan_name")) || undefined;
  };
  const [, look] = useState(0);
  useEffect(() => {
    const changed = (event: StorageEvent) => (event.key === null || event.key === key) && look((n) => n + 1);
    window.addEventListener("storage", changed);
    return () => window.removeEventListener("storage", changed);
  }, [key]);
  return read();
}
