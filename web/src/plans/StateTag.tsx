import type { PlanState } from "../api/types";
import { plansWords } from "../strings/plans";

/** The state of a plan: a word, and a colour beside it. */
export function StateTag({ state }: { readonly state: PlanState }) {
  return (
    <span className="state-tag" data-state={state} title={plansWords.stateAbout[state]}>
      {plansWords.states[state] ?? state}
    </span>
  );
}
