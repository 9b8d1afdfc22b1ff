import { createContext, type Dispatch, useContext, useMemo } from "react";
import type { GenieSpace } from "../api";
import type { Session } from "../conversations/Messages";
import type { Block } from "./document";
import type { PageAction } from "./state";

/** What a block may do to its page. The value never changes while the page lives, so blocks never render for it. */
export interface CanvasActions {
  readonly dispatch: Dispatch<PageAction>;
  /** Opens the field for the access token. */
  readonly askForToken: () => void;
  /** Opens "Create production pipeline" for a block and its space; `title` is what the block is called. */
  readonly createPipeline: (block: string, space: GenieSpace, title: string, session?: Session) => void;
  /** Asks whether the server is there: called when a block could not reach it. */
  readonly doubtServer: () => void;
}

/** A block as others name it. */
export interface BlockName {
  readonly id: string;
  readonly kind: Block["kind"];
  readonly title: string;
}

const Names = createContext<readonly BlockName[]>([]);

/** Gives blocks the names of all blocks. The value changes only when a name does. */
export const BlockNamesProvider = Names.Provider;

/** All blocks of this kind, in the order of the list. */
export function useBlockNames(kind: Block["kind"]): readonly BlockName[] {
  const names = useContext(Names);
  return useMemo(() => names.filter((name) => name.kind === kind), [names, kind]);
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
