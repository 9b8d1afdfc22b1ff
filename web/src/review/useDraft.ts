import { type Dispatch, useEffect, useRef, useState } from "react";
import type { Plan } from "../api";
import { localStore, sessionStore } from "../shell/stores";
import { review } from "../strings/review";
import { parseDraft, writeDraft } from "./keep";
import { type ReviewAction, type ReviewState, sameContent } from "./state";

type Written = Pick<ReviewState, "settled" | "base"> & { readonly plan: Plan };

/** Changes within this time become one save. Milliseconds. */
const pause = 300;

/**
 * Keeps the draft in this browser shortly after each change and when the page is left, and follows what another tab
 * writes: that becomes a step here, so neither tab loses anything. Says whether the browser takes it.
 */
export function useDraft(
  key: string,
  state: ReviewState,
  dispatch: Dispatch<ReviewAction>,
  announce: (text: string) => void,
): boolean {
  const [kept, setKept] = useState(true);
  const latest = useRef(state);
  const written = useRef<Written>({ plan: state.history.present, settled: state.settled, base: state.base });
  const revision = useRef("");
  latest.current = state;

  useEffect(() => {
    const save = () => {
      const { history, settled, base } = state;
      const same =
        history.present === written.current.plan &&
        settled === written.current.settled &&
        base === written.current.base;
      if (same) return;
      written.current = { plan: history.present, settled, base };
      revision.current = crypto.randomUUID();
      const draft = {
        plan: history.present,
        settled,
        revision: revision.current,
        at: Date.now(),
        ...(base !== undefined && { base }),
      };
      setKept(writeDraft(localStore(), sessionStore(), key, draft, history));
    };
    const timer = setTimeout(save, pause);
    const leave = () => document.visibilityState === "hidden" && save();
    window.addEventListener("pagehide", save);
    document.addEventListener("visibilitychange", leave);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pagehide", save);
      document.removeEventListener("visibilitychange", leave);
    };
  }, [key, state]);

  useEffect(() => {
    const follow = (event: StorageEvent) => {
      if (event.key !== key) return;
      const draft = parseDraft(event.newValue);
      if (!draft || sameContent(draft.plan, latest.current.history.present)) return;
      // What the other tab wrote is kept already.
      written.current = { plan: draft.plan, settled: draft.settled, base: latest.current.base };
      dispatch({
        type: "adopt",
        plan: draft.plan,
        settled: draft.settled,
        label: review.editor.adoptedStep,
      });
      announce(review.editor.adopted);
    };
    window.addEventListener("storage", follow);
    return () => window.removeEventListener("storage", follow);
  }, [key, dispatch, announce]);

  return kept;
}
