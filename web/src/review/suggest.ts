/** The first plan of a review, from the package. */
import { type HandoffContext, type Plan, suggestPlan } from "../api";
import { plainPlan, type Suggestion, type Surroundings } from "./suggestion";

/**
 * Never rejects: where suggestions cannot be had, the plan holds what the context says and nothing more. What suggests is
 * a second wasm module, loaded here for the first time.
 */
export async function suggestFor(context: HandoffContext, around: Surroundings): Promise<Suggestion> {
  const { now, planId, owner } = around;
  try {
    const found = await suggestPlan(context, {
      now: now.toISOString().replace(/\.\d{3}Z$/, "Z"),
      planId,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(owner !== undefined && { owner }),
    });
    return { ...found, kind: "suggested", plan: found.plan as Plan };
  } catch {
    return plainPlan(context, around);
  }
}
