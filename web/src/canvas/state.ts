/** The state of the canvas page: one reducer, no clock, no storage, no network. */
import {
  applyEdit,
  type CanvasDocument,
  type Edit,
  emptyDocument,
  neighbourOf,
  pilotsOf,
  settleBlock,
} from "./document";
import { amend, commit, type History, redo, startHistory, undo } from "./history";
import { type SavedCanvas, sameDocument } from "./storage";

/** What a block shows right now. Reported by the block itself; never saved. */
export interface BlockFacts {
  readonly state: BlockState;
  /** The display name of its space, once known; of a SQLPilot block, the name of the plan or the intent. */
  readonly displayName?: string;
  /** The server refused for want of a (newer) token. */
  readonly refused?: true;
}

/** The states of a block that people can tell apart. */
export type BlockState =
  | "finding"
  | "choosing"
  | "loading"
  | "ready"
  | "waiting"
  | "stopped"
  | "error"
  /** A SQLPilot block: without a link, reading one, showing one. */
  | "unlinked"
  | "opening"
  | "linked";

/** Where the keyboard focus should go after a change. `serial` makes equal requests distinct. */
export interface FocusRequest {
  readonly target: { readonly block: string } | "palette";
  /** Only when the change took away what had the focus: undo from a button must leave it on the button. */
  readonly onlyIfLost?: true;
  /** The view must not move: the block was put where a pointer released it. */
  readonly stay?: true;
  readonly serial: number;
}

/** Names of steps in the history. Words for them are in `strings.ts`. */
export type StepLabel = Edit["type"] | "adopt";

/** Everything the canvas page knows, but for what the server last said. */
export interface PageState {
  readonly history: History<CanvasDocument>;
  readonly facts: Readonly<Record<string, BlockFacts>>;
  readonly selected: readonly string[];
  readonly focus?: FocusRequest;
  /** The block whose name is being edited. */
  readonly renaming?: string;
  /** Another tab has saved something else since this tab last saved, and both are wanted. */
  readonly conflict?: SavedCanvas;
}

/** What can happen on the page. `at` is the time in milliseconds, where it matters. */
export type PageAction =
  | {
      readonly type: "edit";
      readonly edit: Edit;
      /** For blocks that people put in place themselves: the view does not move to them. */
      readonly stay?: true;
      readonly merge?: { readonly key: string; readonly at: number };
    }
  | { readonly type: "undo" }
  | { readonly type: "redo" }
  | { readonly type: "settle"; readonly id: string; readonly spaceId: string }
  | { readonly type: "facts"; readonly id: string; readonly facts: BlockFacts }
  /** A link was made for a Genie block: the SQLPilot blocks that are connected to it show it. */
  | { readonly type: "made"; readonly from: string; readonly link: string }
  | { readonly type: "select"; readonly ids: readonly string[] }
  | { readonly type: "focus"; readonly id: string }
  | { readonly type: "renaming"; readonly id: string | undefined }
  /** Another tab saved and this tab had nothing unsaved: follow it, as a step that can be undone. */
  | { readonly type: "adopt"; readonly document: CanvasDocument }
  | { readonly type: "conflict"; readonly saved: SavedCanvas }
  /** The answer to a conflict. What was not taken stays one undo away. */
  | { readonly type: "resolve"; readonly take: "mine" | "theirs" };

/** The state of a page that just opened. */
export function startPage(history: History<CanvasDocument> = startHistory(emptyDocument)): PageState {
  return { history, facts: {}, selected: [] };
}

/** The one place where page state changes. */
export function reducePage(state: PageState, action: PageAction): PageState {
  switch (action.type) {
    case "edit":
      return edit(state, action);
    case "undo":
      return travel(state, undo(state.history));
    case "redo":
      return travel(state, redo(state.history));
    case "settle":
      return withHistory(
        state,
        amend(state.history, (document) => settleBlock(document, action.id, action.spaceId)),
      );
    case "facts": {
      const known = state.facts[action.id];
      const { facts } = action;
      const same =
        known?.state === facts.state &&
        known.displayName === facts.displayName &&
        known.refused === facts.refused;
      return same ? state : { ...state, facts: { ...state.facts, [action.id]: action.facts } };
    }
    case "made": {
      const ids = pilotsOf(state.history.present, action.from);
      return edit(state, { type: "edit", edit: { type: "link", ids, link: action.link } });
    }
    case "select":
      return sameIds(state.selected, action.ids) ? state : { ...state, selected: action.ids };
    case "focus":
      return requestFocus({ ...state, selected: [action.id] }, { block: action.id });
    case "renaming": {
      const { renaming: _old, ...rest } = state;
      return action.id === undefined ? rest : { ...rest, renaming: action.id };
    }
    case "adopt":
      return adopt(state, action.document);
    case "conflict":
      return { ...state, conflict: action.saved };
    case "resolve": {
      const { conflict, ...rest } = state;
      if (!conflict) return state;
      if (action.take === "theirs") return adopt(rest, conflict.document);
      // Theirs becomes the step before mine, so that it is one undo away.
      const { history } = state;
      const past = commit({ ...history, present: conflict.document }, history.present, "adopt").past;
      return { ...rest, history: { past, present: history.present, future: [] } };
    }
  }
}

function edit(
  state: PageState,
  { edit: change, merge, stay }: Extract<PageAction, { type: "edit" }>,
): PageState {
  const before = state.history.present;
  const after = applyEdit(before, change);
  const next = withHistory(state, commit(state.history, after, change.type, merge));
  if (after === before) return next;
  if (change.type === "add") {
    const { id } = change.block;
    return requestFocus({ ...next, selected: [id] }, { block: id }, { ...(stay && { stay }) });
  }
  if (change.type === "remove") {
    const neighbour = neighbourOf(before, change.ids);
    const target = neighbour ? { block: neighbour } : "palette";
    return requestFocus({ ...next, selected: neighbour ? [neighbour] : [] }, target);
  }
  return next;
}

/** Undo and redo: a focused block may vanish, and then its neighbour is next. */
function travel(state: PageState, history: History<CanvasDocument>): PageState {
  const next = withHistory(state, history);
  if (next === state) return state;
  const before = state.history.present;
  const left = new Set(history.present.blocks.map((block) => block.id));
  const gone = before.blocks.filter((block) => !left.has(block.id)).map((block) => block.id);
  if (gone.length === 0) return next;
  const neighbour = neighbourOf(before, gone);
  return requestFocus(next, neighbour ? { block: neighbour } : "palette", { onlyIfLost: true });
}

function adopt(state: PageState, document: CanvasDocument): PageState {
  if (sameDocument(state.history.present, document)) return state;
  return withHistory(state, commit(state.history, document, "adopt"));
}

/** Sets the history and forgets what belongs to blocks that are gone. */
function withHistory(state: PageState, history: History<CanvasDocument>): PageState {
  if (history === state.history) return state;
  const ids = new Set(history.present.blocks.map((block) => block.id));
  const selected = state.selected.filter((id) => ids.has(id));
  const facts = Object.fromEntries(Object.entries(state.facts).filter(([id]) => ids.has(id)));
  return {
    ...state,
    history,
    selected: sameIds(selected, state.selected) ? state.selected : selected,
    facts: Object.keys(facts).length === Object.keys(state.facts).length ? state.facts : facts,
  };
}

function requestFocus(
  state: PageState,
  target: FocusRequest["target"],
  how: Pick<FocusRequest, "onlyIfLost" | "stay"> = {},
): PageState {
  return { ...state, focus: { target, serial: (state.focus?.serial ?? 0) + 1, ...how } };
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
