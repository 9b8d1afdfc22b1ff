import type { ReactNode } from "react";
import type { AuditEntry } from "../api/types";
import { planHref } from "../plans/address";
import { auditWords as words } from "../strings/audit";
import { SafeText } from "../ui/SafeText";
import { When } from "../ui/When";

/** Entries, the newest first: who did what with what outcome, and on request everything that was written down. */
export function AuditList({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <ol className="audit-list" data-testid="audit-list">
      {entries.map((entry) => (
        <li key={entry.seq} data-testid="audit-entry" data-outcome={entry.outcome}>
          <details>
            <summary>
              <span className="audit-line">
                <When at={entry.at} />
                <span className="strong">
                  <SafeText text={entry.caller} />
                </span>
                <code>
                  <SafeText text={entry.action} />
                </code>
                <span className="state-tag" data-state={entry.outcome}>
                  {words.outcomes[entry.outcome] ?? entry.outcome}
                </span>
                {entry.phase !== "only" && (
                  <span className="quiet">{words.phases[entry.phase] ?? entry.phase}</span>
                )}
              </span>
            </summary>
            <Details entry={entry} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function Details({ entry }: { readonly entry: AuditEntry }) {
  return (
    <dl className="sheet-facts audit-details">
      <Fact name={words.entry}>{entry.seq}</Fact>
      <Fact name={words.request}>
        <code>{entry.request_id}</code>
      </Fact>
      {entry.plan_id !== null && (
        <Fact name={words.plan}>
          <code>{entry.plan_id}</code> <a href={planHref(entry.plan_id)}>{words.openPlan}</a>
        </Fact>
      )}
      {entry.version !== null && <Fact name={words.version}>{entry.version}</Fact>}
      {entry.plan_hash !== null && (
        <Fact name={words.planHash}>
          <code>{entry.plan_hash}</code>
        </Fact>
      )}
      {entry.handoff_id !== null && (
        <Fact name={words.handoff}>
          <a href={`/h/${encodeURIComponent(entry.handoff_id)}`}>{entry.handoff_id}</a>
        </Fact>
      )}
      {entry.genie_session !== null && (
        <Fact name={words.session}>
          <code>
            <SafeText text={entry.genie_session} />
          </code>
        </Fact>
      )}
      {Object.entries(entry.detail).map(([key, value]) => (
        <Fact key={key} name={key}>
          <SafeText text={typeof value === "string" ? value : JSON.stringify(value)} />
        </Fact>
      ))}
      <Fact name={words.hash}>
        <code>{entry.hash}</code>
      </Fact>
      <Fact name={words.prevHash}>
        <code>{entry.prev_hash}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>
        <SafeText text={name} />
      </dt>
      <dd>{children}</dd>
    </>
  );
}
