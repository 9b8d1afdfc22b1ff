import type { PlanRecord } from "../api/types";
import { planWords } from "../strings/plans";

const words = planWords.export;

/** Placeholder until the exporter is in the package. */
export function Exports({ record }: { readonly record: PlanRecord }) {
  return (
    <p data-testid="export">
      {words.about} {record.plan_name}
    </p>
  );
}
