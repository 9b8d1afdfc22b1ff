import { memo, useMemo, useState } from "react";
import { colourSql, type Plan } from "../api";
import { review } from "../strings/review";
import { CopyButton } from "../ui/CopyButton";
import { download } from "../ui/download";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { type Checked, changedLines, type Details, loadOf } from "./check";
import { blocksOf, countChanges } from "./lines";
import { textAt } from "./pointer";
import { SqlBlocks } from "./SqlBlocks";
import { type SecondModule, useSecondModule } from "./second";

/** What the SQL on the page can be compared with. */
export interface Baselines {
  readonly last?: Plan | undefined;
  readonly suggested?: Plan | undefined;
  readonly saved?: Plan | undefined;
}

interface Props {
  readonly checked: Checked;
  readonly details: Details | undefined;
  readonly baselines: Baselines;
}

/** The SQL as a run executes it, renewed with each key stroke, with what has changed marked. */
export function SqlPane({ checked, details, baselines }: Props) {
  const words = review.sql;
  const [since, setSince] = useState<keyof Baselines>("last");
  const baseline = baselines[since];
  const { sql } = checked;
  // While somebody types, what it is compared with stays.
  const before = useMemo(() => baseline && loadOf(baseline), [baseline]);
  const second = useSecondModule();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what can compare may come after the first SQL is shown
  const changes = useMemo(() => changedLines(before, sql), [before, sql, second]);
  const blocks = useMemo(
    () => (sql === undefined ? [] : blocksOf(sql, colourSql(sql), changes)),
    [sql, changes],
  );
  const { added, removed } = countChanges(changes);
  const choices = (["last", "suggested", "saved"] as const).filter((name) => baselines[name] !== undefined);

  return (
    <section className="card sql-pane" id="sql" tabIndex={-1} data-testid="sql-pane">
      <div className="card-head">
        <h2>{words.title}</h2>
        {sql !== undefined && (
          <div className="row">
            <CopyButton text={sql} label={words.copy} />
            <button
              type="button"
              className="text-button"
              data-testid="download-sql"
              onClick={() => download(sql, fileName(checked), "application/sql")}
            >
              <Icon name="down" size={16} />
              {words.download}
            </button>
          </div>
        )}
      </div>
      <p className="quiet">{words.about}</p>
      {sql === undefined && (
        <div className="sql-none">
          <p className="strong">{checked.refusal ? words.refused : words.none}</p>
          <p className="quiet">{checked.refusal?.message ?? words.noneAbout}</p>
        </div>
      )}
      {sql !== undefined && (
        <>
          {choices.length > 0 && (
            <p className="row sql-since">
              <label htmlFor="sql-since">{words.since}</label>
              <select
                id="sql-since"
                className="text-input narrow"
                value={since}
                onChange={({ target }) => setSince(target.value as keyof Baselines)}
              >
                {choices.map((name) => (
                  <option key={name} value={name}>
                    {words[name]}
                  </option>
                ))}
                {!choices.includes(since) && <option value={since}>{words[since]}</option>}
              </select>
              <span className="quiet" data-testid="sql-changes">
                {changesWords(second, added, removed)}
              </span>
            </p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whatever scrolls must be within reach of the keyboard */}
          <section className="sql-view" tabIndex={0} aria-label={words.title} dir="ltr">
            <SqlBlocks blocks={blocks} />
          </section>
        </>
      )}
      {sql !== undefined && details && <Statements details={details} />}
    </section>
  );
}

function changesWords(second: SecondModule, added: number, removed: number): string {
  const words = review.sql;
  if (second !== "there") return second === "waiting" ? words.comparing : words.incomparable;
  return added + removed === 0 ? words.unchanged : words.changed(added, removed);
}

/** What else is run for the plan, folded. */
const Statements = memo(function Statements({ details }: { readonly details: Details }) {
  const words = review.sql;
  const { setup, checks, staging, after } = details.rendered.statements;
  return (
    <div className="sql-more">
      {(
        [
          [words.before, setup],
          [words.checks, checks],
          [words.staging, staging],
          [words.after, after],
        ] as const
      )
        .filter(([, list]) => list.length > 0)
        .map(([title, list]) => (
          <details key={title(0)}>
            <summary>{title(list.length)}</summary>
            <ul>
              {list.map(({ name, purpose, sql }) => (
                <li key={name}>
                  <div className="card-head">
                    <p>{purpose}</p>
                    <CopyButton text={sql} label={words.copyNamed(purpose)} />
                  </div>
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whatever scrolls must be within reach of the keyboard */}
                  <section className="sheet-sql" tabIndex={0} aria-label={purpose} dir="ltr">
                    <pre>
                      <code>
                        <SafeText text={sql} lines />
                      </code>
                    </pre>
                  </section>
                </li>
              ))}
            </ul>
          </details>
        ))}
    </div>
  );
});

/** `<plan>-<hash8>.sql` */
function fileName({ plan, report }: Checked): string {
  const name = textAt(plan, "/plan_metadata/plan_name").replace(/[^a-z0-9_]/g, "") || "plan";
  return `${name}-${report.hash.replace(/^sha256:/, "").slice(0, 8)}.sql`;
}
