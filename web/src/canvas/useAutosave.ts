import { type Dispatch, useCallback, useEffect, useRef, useState } from "react";
import type { CanvasDocument } from "./document";
import type { History } from "./history";
import { type Opened, type Store, saveCanvas } from "./keep";
import type { PageAction, PageState } from "./state";
import { canvasKey, readCanvas } from "./storage";

/** What the page says about saving. */
export type SaveState = "saved" | "saving" | "failed" | "conflict" | "blocked";

/** Changes within this time become one save. Milliseconds. */
const pause = 300;

interface Options {
  readonly state: PageState;
  readonly dispatch: Dispatch<PageAction>;
  readonly opened: Opened;
  readonly local: Store | undefined;
  readonly session: Store | undefined;
  readonly newId: () => string;
}

/**
 * Saves every change shortly after it was made, at once when the page is left, and follows what other tabs
 * save. Two tabs that both changed something are never merged or overwritten in silence: see `conflict`.
 */
export function useAutosave({ state, dispatch, opened, local, session, newId }: Options): SaveState {
  const base = useRef(opened.revision);
  const latest = useRef(state.history);
  const written = useRef<History<CanvasDocument>>(opened.history);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Nothing may be saved over a canvas that could neither be read nor kept aside.
  const blocked = opened.unread !== undefined && opened.unread.keptAs === undefined;
  const [saveState, setSaveState] = useState<SaveState>(blocked ? "blocked" : "saved");
  const conflict = state.conflict;
  const waiting = useRef(false);

  useEffect(() => {
    latest.current = state.history;
    waiting.current = conflict !== undefined;
    // From here on this tab builds on what the other one saved, whichever of the two is taken.
    if (conflict) base.current = conflict.revision;
  }, [state.history, conflict]);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (blocked || waiting.current || latest.current === written.current) return;
    const history = latest.current;
    const result = saveCanvas(local, session, history, base.current, newId());
    if (result.kind === "saved") {
      base.current = result.revision;
      written.current = history;
      setSaveState("saved");
    } else if (result.kind === "conflict") {
      dispatch({ type: "conflict", saved: result.theirs });
    } else {
      setSaveState("failed");
    }
  }, [blocked, dispatch, local, newId, session]);

  useEffect(() => {
    if (blocked || conflict || state.history === written.current) return;
    setSaveState("saving");
    timer.current = setTimeout(save, pause);
    return () => clearTimeout(timer.current);
  }, [blocked, conflict, save, state.history]);

  useEffect(() => {
    const leave = () => {
      if (document.visibilityState === "hidden") save();
    };
    window.addEventListener("pagehide", save);
    document.addEventListener("visibilitychange", leave);
    return () => {
      window.removeEventListener("pagehide", save);
      document.removeEventListener("visibilitychange", leave);
    };
  }, [save]);

  // Only while something would really be lost, so that the question is never a false alarm.
  const losing = conflict !== undefined || saveState === "failed";
  useEffect(() => {
    if (!losing) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [losing]);

  useEffect(() => {
    const follow = (event: StorageEvent) => {
      if (event.key !== canvasKey || blocked) return;
      const result = readCanvas(event.newValue);
      if (result.kind !== "canvas" || result.saved.revision === base.current) return;
      if (latest.current === written.current) {
        base.current = result.saved.revision;
        dispatch({ type: "adopt", document: result.saved.document });
      } else {
        dispatch({ type: "conflict", saved: result.saved });
      }
    };
    window.addEventListener("storage", follow);
    return () => window.removeEventListener("storage", follow);
  }, [blocked, dispatch]);

  return conflict ? "conflict" : saveState;
}
