import { useState } from "react";
import { getLineage } from "../../api/plans";
import type { Lineage, PlanRecord } from "../../api/types";
import { lineageWords as words } from "../../strings/runs";
import { useAnnounce } from "../../ui/Announcer";
import { Problem } from "../../ui/Problem";
import { SafeText } from "../../ui/SafeText";
import { useResource } from "../../ui/useResource";
import { Waiting } from "../../ui/Waiting";
import { around, startOf } from "./layout";
import { Neighbours } from "./Neighbours";
import { NodeList } from "./NodeList";

/** Where a plan comes from and goes to: one step each way as a picture, everything as a list. */
export function LineageView({ record }: { readonly record: PlanRecord }) {
  const lineage = useResource<Lineage>(`${record.plan_id} ${record.updated_at}`, (signal) =>
    getLineage(record.plan_id, { signal }),
  );
  return (
    <>
      {lineage.since !== undefined && !lineage.value && (
        <Waiting step={words.loading} since={lineage.since} />
      )}
      {lineage.error && <Problem error={lineage.error} onRetry={lineage.reload} />}
      {lineage.value && <Shown lineage={lineage.value} />}
    </>
  );
}

function Shown({ lineage }: { readonly lineage: Lineage }) {
  const [chosen, setChosen] = useState<string>();
  const announce = useAnnounce();
  const start = startOf(lineage);
  const near = around(lineage, chosen ?? start ?? "") ?? around(lineage, start ?? "");
  const look = (id: string) => {
    const label = lineage.nodes.find((node) => node.id === id)?.label ?? "";
    setChosen(id);
    announce(words.shown(label));
  };
  if (!near) return <p className="card quiet">{words.none}</p>;
  return (
    <>
      <section className="card" data-testid="lineage">
        <h2>{words.title}</h2>
        <p className="quiet">{words.about}</p>
        <div className="lineage-parts">
          <Neighbours near={near} onLook={look} />
          <NodeList lineage={lineage} here={near.here.id} onLook={look} />
        </div>
      </section>
      <Columns lineage={lineage} />
    </>
  );
}

function Columns({ lineage: { columns } }: { readonly lineage: Lineage }) {
  return (
    <section className="card" data-testid="lineage-columns">
      <h2>{words.columns}</h2>
      {columns.length === 0 ? (
        <p className="quiet">{words.columnsNone}</p>
      ) : (
        <table className="records">
          <thead>
            <tr>
              <th scope="col">{words.target}</th>
              <th scope="col">{words.sources}</th>
              <th scope="col">{words.how}</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ target, sources, how }) => (
              <tr key={target}>
                <th scope="row" data-label={words.target}>
                  <code>
                    <SafeText text={target} />
                  </code>
                </th>
                <td data-label={words.sources}>
                  {sources.length === 0 && <span className="quiet">{words.literal}</span>}
                  <ul className="sources">
                    {sources.map(({ table, column }) => (
                      <li key={`${table} ${column}`}>
                        <code>
                          <SafeText text={column} />
                        </code>{" "}
                        <span className="quiet">
                          <SafeText text={table} />
                        </span>
                      </li>
                    ))}
                  </ul>
                </td>
                <td data-label={words.how}>
                  <SafeText text={how} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
