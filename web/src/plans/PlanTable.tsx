import type { PlanSummary } from "../api/types";
import { plansWords as words } from "../strings/plans";
import { SafeText } from "../ui/SafeText";
import { When } from "../ui/When";
import { planHref } from "./address";
import { StateTag } from "./StateTag";

/** Plans as a table; on a small screen each row becomes a card. */
export function PlanTable({ plans }: { readonly plans: readonly PlanSummary[] }) {
  const { columns } = words;
  return (
    <table className="records" data-testid="plan-table">
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.state}</th>
          <th scope="col">{columns.tables}</th>
          <th scope="col">{columns.owner}</th>
          <th scope="col">{columns.updated}</th>
        </tr>
      </thead>
      <tbody>
        {plans.map((plan) => (
          <tr key={plan.plan_id} data-testid="plan-row">
            <th scope="row" data-label={columns.name}>
              <a href={planHref(plan.plan_id)} className="record-name">
                <SafeText text={plan.plan_name} />
              </a>
              <span className="quiet small-line">
                {words.patterns[plan.pattern] ?? plan.pattern}, {words.version(plan.version).toLowerCase()}
              </span>
            </th>
            <td data-label={columns.state}>
              <StateTag state={plan.state} />
            </td>
            <td data-label={columns.tables}>
              <span className="table-pair">
                <span className="quiet">{words.from}</span>{" "}
                <code>
                  <SafeText text={plan.source} />
                </code>
                <span className="quiet">{words.to}</span>{" "}
                <code>
                  <SafeText text={plan.target} />
                </code>
              </span>
            </td>
            <td data-label={columns.owner}>
              {plan.owner ? (
                <SafeText text={plan.owner} />
              ) : (
                <span className="quiet">{words.unknownOwner}</span>
              )}
            </td>
            <td data-label={columns.updated}>
              <When at={plan.updated_at} />
              <span className="quiet small-line">
                {words.by} <SafeText text={plan.updated_by} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
