import { explain, type Load, loadOf, type PlanExplanation } from "../api/render";
import type { PlanRecord } from "../api/types";
import { plansWords, planWords as words } from "../strings/plans";
import { CopyButton } from "../ui/CopyButton";
import { SafeText } from "../ui/SafeText";
import { SqlText } from "../ui/SqlText";
import { useResource } from "../ui/useResource";
import { Waiting } from "../ui/Waiting";
import { When } from "../ui/When";
import { DeploymentCard } from "./DeploymentCard";
import { ScheduleCard } from "./ScheduleCard";

/** What a plan is and does, where it is deployed, and its SQL. */
export function Overview({ record }: { readonly record: PlanRecord }) {
  const told = useResource<{ load: Load; explanation: PlanExplanation }>(record.plan_hash, async () => ({
    load: await loadOf(record.plan),
    explanation: await explain(record.plan),
  }));
  return (
    <>
      <Facts record={record} />
      {told.value && <Does explanation={told.value.explanation} />}
      <DeploymentCard record={record} />
      <ScheduleCard record={record} />
      <section className="card" data-testid="plan-sql">
        <div className="card-head">
          <h2>{words.sql}</h2>
          {told.value && <CopyButton text={told.value.load.sql} label={words.copySql} />}
        </div>
        {told.since !== undefined && !told.value && <Waiting step={words.loadingSql} since={told.since} />}
        {told.error && (
          <p className="danger-text">
            {words.sqlUnread} <SafeText text={told.error.message} />
          </p>
        )}
        {told.value && <SqlText {...told.value.load} label={words.sql} />}
      </section>
    </>
  );
}

/** Texts of a plan are whatever its author wrote; anything that is no text is not shown as one. */
function textAt(value: unknown, ...path: string[]): string | undefined {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === "string" && at.trim() !== "" ? at : undefined;
}

function Facts({ record }: { readonly record: PlanRecord }) {
  const description = textAt(record.plan, "plan_metadata", "description");
  return (
    <section className="card" data-testid="plan-facts">
      <h2>{words.facts}</h2>
      <p>
        {description ? <SafeText text={description} /> : <span className="quiet">{words.noDescription}</span>}
      </p>
      <dl className="sheet-facts">
        <dt>{words.pattern}</dt>
        <dd>
          {plansWords.patterns[record.pattern] ?? record.pattern},{" "}
          {plansWords.version(record.version).toLowerCase()}
        </dd>
        <dt>{words.source}</dt>
        <dd>
          <code>
            <SafeText text={record.source} />
          </code>
        </dd>
        <dt>{words.target}</dt>
        <dd>
          <code>
            <SafeText text={record.target} />
          </code>
        </dd>
        <dt>{words.owner}</dt>
        <dd>{record.owner ? <SafeText text={record.owner} /> : plansWords.unknownOwner}</dd>
        <dt>{words.changed}</dt>
        <dd>
          <span>
            <When at={record.updated_at} /> {plansWords.by} <SafeText text={record.updated_by} />
          </span>
        </dd>
        <dt>{words.made}</dt>
        <dd>
          <span>
            <When at={record.created_at} /> {plansWords.by} <SafeText text={record.created_by} />
          </span>
        </dd>
        <dt>{words.handoff}</dt>
        <dd>
          {record.handoff_id === null ? (
            <span className="quiet">{words.handoffNone}</span>
          ) : (
            <a href={`/h/${encodeURIComponent(record.handoff_id)}`}>{words.openHandoff}</a>
          )}
        </dd>
        <dt>{words.id}</dt>
        <dd className="id-line">
          <code>{record.plan_id}</code>
          <CopyButton text={record.plan_id} label={words.copyId} />
        </dd>
        <dt>{words.hash}</dt>
        <dd className="id-line">
          <code>{record.plan_hash}</code>
          <CopyButton text={record.plan_hash} label={words.copyHash} />
        </dd>
      </dl>
    </section>
  );
}

/** What a run does, what it destroys first. */
function Does({ explanation }: { readonly explanation: PlanExplanation }) {
  const effects = [...explanation.effects].sort((a, b) => Number(b.destructive) - Number(a.destructive));
  return (
    <section className="card" data-testid="plan-does">
      <h2>{words.does}</h2>
      <p>
        <SafeText text={explanation.summary} />
      </p>
      <ul className="bullets">
        {effects.map(({ effect, destructive, text }) => (
          <li key={`${effect} ${text}`} className={destructive ? "danger-text" : undefined}>
            {destructive && <strong>{words.destructive} </strong>}
            <SafeText text={text} />
          </li>
        ))}
        {explanation.notes.map((note) => (
          <li key={note} className="quiet">
            <SafeText text={note} />
          </li>
        ))}
      </ul>
    </section>
  );
}
