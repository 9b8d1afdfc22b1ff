/** The first plan of a review, from the package. */
import { type HandoffContext, toHandoffError } from "../api";
import { plainPlan, type Suggestion, type Surroundings } from "./suggestion";

/** Never rejects: where suggestions cannot be had, the plan holds what the context says and nothing more. */
export async function suggestFor(context: HandoffContext, around: Surroundings): Promise<Suggestion> {
  try {
    return plainPlan(context, around);
  } catch (cause) {
    console.error(toHandoffError(cause));
    return plainPlan(context, around);
  }
}
