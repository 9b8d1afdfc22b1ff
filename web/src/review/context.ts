import { createContext, type Dispatch, useContext } from "react";
import type { Finding, Plan } from "../api";
import type { ReviewAction } from "./state";

/** What every field of the editor needs. */
export interface Editing {
  readonly plan: Plan;
  readonly issues: readonly Finding[];
  /** Tables of the handoff with the columns that it names. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** Columns that are known of the source. */
  readonly columns: readonly string[];
  readonly dispatch: Dispatch<ReviewAction>;
}

/** The editor's plan and the way to change it. */
export const EditingContext = createContext<Editing | undefined>(undefined);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error("A field stands outside of the editor.");
  return editing;
}

/** The DOM id of the control at a pointer, so that questions can lead to it. */
export function controlId(path: string): string {
  return `field${path.replaceAll("/", "-")}`;
}

/** Leads to the control at a pointer, or to the nearest place around it. Says whether there is one. */
export function goTo(path: string): boolean {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const control = document.getElementById(controlId(at));
    if (control) {
      const group = control.closest("details");
      if (group) group.open = true;
      control.focus({ preventScroll: true });
      control.scrollIntoView({ block: "center" });
      return true;
    }
    if (at === "") return false;
  }
}
