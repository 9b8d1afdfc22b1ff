/** The state of "Create production pipeline". Pure. */
import type { HandoffError, Inspection } from "../api";
import type { MadeLink } from "./make";

/** From writing the intent to holding the link. The intent survives every step. */
export interface PipelineState {
  readonly intent: string;
  /** Whether somebody tried to go on without an intent. */
  readonly intentMissing: boolean;
  /** What would travel, for the intent that it was looked at with. */
  readonly seen?: { readonly intent: string; readonly inspection: Inspection };
  /** Looking at it failed: the code that does it could not be loaded. */
  readonly unseen?: HandoffError;
  readonly step: PipelineStep;
}

export type PipelineStep =
  | { readonly kind: "writing" }
  | { readonly kind: "making"; readonly since: number }
  | { readonly kind: "refused"; readonly error: HandoffError }
  | { readonly kind: "made"; readonly link: MadeLink };

export type PipelineAction =
  | { readonly type: "write"; readonly intent: string }
  | { readonly type: "seen"; readonly intent: string; readonly inspection: Inspection }
  | { readonly type: "unseen"; readonly error: HandoffError }
  | { readonly type: "missing" }
  | { readonly type: "make"; readonly at: number }
  | { readonly type: "made"; readonly link: MadeLink }
  | { readonly type: "refused"; readonly error: HandoffError }
  | { readonly type: "edit" };

export function startPipeline(draft: string): PipelineState {
  return { intent: draft, intentMissing: false, step: { kind: "writing" } };
}

export function reducePipeline(state: PipelineState, action: PipelineAction): PipelineState {
  switch (action.type) {
    case "write":
      // A link that was made before belongs to other words.
      return { ...state, intent: action.intent, intentMissing: false, step: { kind: "writing" } };
    case "seen": {
      const { unseen: _, ...rest } = state;
      return { ...rest, seen: { intent: action.intent, inspection: action.inspection } };
    }
    case "unseen":
      return { ...state, unseen: action.error };
    case "missing":
      return { ...state, intentMissing: true };
    case "make":
      return { ...state, step: { kind: "making", since: action.at } };
    case "made":
    case "refused":
      if (state.step.kind !== "making") return state;
      return {
        ...state,
        step:
          action.type === "made"
            ? { kind: "made", link: action.link }
            : { kind: "refused", error: action.error },
      };
    case "edit":
      return { ...state, step: { kind: "writing" } };
  }
}

/** Findings about the intent that a person should see before the link is made; none while they are not known. */
export function intentFindings(state: PipelineState) {
  if (state.seen?.intent !== state.intent) return [];
  return state.seen.inspection.removed.warnings.filter(({ path }) => path === "/user_intent");
}
