import { useEffect, useId, useState } from "react";
import { getVersion } from "../../api/plans";
import { type Comparison, compare } from "../../api/render";
import type { PlanVersion } from "../../api/types";
import { planWords } from "../../strings/plans";
import { useAnnounce } from "../../ui/Announcer";
import { Problem } from "../../ui/Problem";
import { SafeText } from "../../ui/SafeText";
import { SqlLines } from "../../ui/SqlText";
import { useResource } from "../../ui/useResource";
import { Waiting } from "../../ui/Waiting";

const words = planWords.versions;

interface Props {
  readonly plan: string;
  /** Newest first, at least two. */
  readonly versions: readonly PlanVersion[];
  readonly running: string | undefined;
}

/** Two versions side by side: structure first, then SQL. At first the newest with what runs, or with the one before. */
export function VersionDiff({ plan, versions, running }: Props) {
  const newest = versions[0]?.version ?? "";
  const known =
    running !== undefined && running !== newest && versions.some((one) => one.version === running);
  const [before, setBefore] = useState(known ? running : (versions[1]?.version ?? newest));
  const [after, setAfter] = useState(newest);
  const announce = useAnnounce();
  const found = useResource<Comparison>(JSON.stringify([plan, before, after]), async (signal) => {
    const [a, b] = await Promise.all([
      getVersion(plan, before, { signal }),
      getVersion(plan, after, { signal }),
    ]);
    return compare(a.plan, b.plan);
  });
  const count = found.value?.changes.length;
  useEffect(() => {
    if (count !== undefined) announce(words.compared(count));
  }, [count, announce]);

  return (
    <section className="card" data-testid="version-diff">
      <h2>{words.compare}</h2>
      <fieldset className="filters">
        <legend className="visually-hidden">{words.compareLegend}</legend>
        <VersionSelect label={words.before} value={before} versions={versions} onChange={setBefore} />
        <VersionSelect label={words.after} value={after} versions={versions} onChange={setAfter} />
      </fieldset>
      {found.since !== undefined && <Waiting step={words.comparing} since={found.since} />}
      {found.error && <Problem error={found.error} onRetry={found.reload} />}
      {found.value && <Found comparison={found.value} />}
    </section>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly versions: readonly PlanVersion[];
  readonly onChange: (version: string) => void;
}

function VersionSelect({ label, value, versions, onChange }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {versions.map(({ version }) => (
          <option key={version} value={version}>
            {version}
          </option>
        ))}
      </select>
    </div>
  );
}

function Found({ comparison: { changes, lines } }: { readonly comparison: Comparison }) {
  const differs = lines?.some(({ kind }) => kind !== "same");
  return (
    <>
      <h3>{words.structure}</h3>
      {changes.length === 0 ? (
        <p className="quiet">{words.nothing}</p>
      ) : (
        <ul className="changes" data-testid="diff-changes">
          {changes.map((change) => (
            <li key={`${change.kind} ${change.path}`} data-kind={change.kind}>
              <span className="change-kind">{words.kinds[change.kind] ?? change.kind}</span>
              <span>
                <SafeText text={change.words} />
                {change.changesLoad && <span className="tag">{words.loadChanges}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      <h3>{words.sqlChanges}</h3>
      {lines === undefined && <p className="quiet">{words.sqlNone}</p>}
      {lines && !differs && <p className="quiet">{words.sqlSame}</p>}
      {lines && differs && <SqlLines lines={lines} label={words.sqlChanges} />}
    </>
  );
}
