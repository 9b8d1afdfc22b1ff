import { type Dispatch, useEffect, useRef } from "react";
import { editor } from "../strings/editor";
import { useAnnounce } from "../ui/Announcer";
import type { ReviewAction, ReviewState } from "./state";

/** Ctrl+Z and its kin on the whole page: in a field too, because a field shows the plan and the plan's steps are these. */
export function useUndoKeys(state: ReviewState, dispatch: Dispatch<ReviewAction>): void {
  const announce = useAnnounce();
  const latest = useRef(state);
  latest.current = state;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const redo = (key === "z" && event.shiftKey) || key === "y";
      if (key !== "z" && !redo) return;
      const { target } = event;
      // A field that is no part of the plan has steps of its own.
      const field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
      if (field && !target.closest("[data-path]")) return;
      event.preventDefault();
      const { past, future } = latest.current.history;
      const step = redo ? future[0] : past.at(-1);
      if (!step) return;
      dispatch({ type: redo ? "redo" : "undo" });
      announce(redo ? editor.tools.redone(step.label) : editor.tools.undone(step.label));
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [dispatch, announce]);
}
