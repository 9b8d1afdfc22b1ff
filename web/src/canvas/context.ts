import { createContext, type Dispatch, useContext } from "react";
import type { GenieSpace } from "../api";
import type { Session } from "../conversations/Messages";
import type { PageAction } from "./state";

/** What a block may do to its page. The value never changes while the page lives, so blocks never render for it. */
export interface CanvasActions {
  readonly dispatch: Dispatch<PageAction>;
  /** Opens the field for the access token. */
  readonly askForToken: () => void;
  /** Opens "Create production pipeline" for a space; `title` is what its block is called. */
  readonly createPipeline: (space: GenieSpace, title: string, session?: Session) => void;
  /** Asks whether the server is there: called when a block could not reach it. */
  readonly doubtServer: () => void;
}

const Context = createContext<CanvasActions | undefined>(undefined);

/** Gives blocks their page. */
export const CanvasActionsProvider = Context.Provider;

/** The page of this block. */
export function useCanvasActions(): CanvasActions {
  const actions = useContext(Context);
  if (!actions) throw new Error("A block stands outside a canvas page.");
  return actions;
}
