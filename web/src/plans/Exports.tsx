import { useState } from "react";
import { caller } from "../api";
import { getVersion, listVersions } from "../api/plans";
import { type ExportedPlan, type ExportKind, filesOf, type HighlightSpan } from "../api/render";
import type { PlanRecord, PlanVersion } from "../api/types";
import { useMe } from "../shell/me";
import { planWords } from "../strings/plans";
import { CopyButton } from "../ui/CopyButton";
import { download } from "../ui/download";
import { Problem } from "../ui/Problem";
import { SafeText } from "../ui/SafeText";
import { SqlText } from "../ui/SqlText";
import { useAct } from "../ui/useAct";
import { useResource } from "../ui/useResource";
import { Waiting } from "../ui/Waiting";

const words = planWords.export;
const kinds: readonly ExportKind[] = ["sql", "bundle", "dbt", "plan"];

/** A version of the plan as files for elsewhere. They are made in this page. */
export function Exports({ record }: { readonly record: PlanRecord }) {
  const [kind, setKind] = useState<ExportKind>("sql");
  const [version, setVersion] = useState(record.version);
  const me = useMe();
  const by = me.kind === "known" && me.me.kind !== "open" ? me.me.name : undefined;
  const versions = useResource<readonly PlanVersion[]>(record.plan_hash, async (signal) => {
    const { items } = await listVersions(record.plan_id, { signal, pageSize: 100 });
    return items;
  });
  const made = useResource<ExportedPlan>(JSON.stringify([kind, version, by]), async (signal) => {
    const newest = version === record.version;
    const { plan } = newest ? record : await getVersion(record.plan_id, version, { signal });
    return filesOf(plan, kind, by);
  });
  const choices = versions.value?.map((one) => one.version) ?? [record.version];

  return (
    <>
      <section className="card" data-testid="export">
        <h2>{words.title}</h2>
        <p className="quiet">{words.about}</p>
        <fieldset className="export-kinds">
          <legend className="visually-hidden">{words.title}</legend>
          {kinds.map((one) => (
            <label key={one} className="export-kind">
              <input
                type="radio"
                name="export-kind"
                value={one}
                checked={kind === one}
                onChange={() => setKind(one)}
              />
              <span className="strong">{words.kinds[one]?.[0]}</span>
              <span className="quiet">{words.kinds[one]?.[1]}</span>
            </label>
          ))}
        </fieldset>
        <div className="field narrow-field">
          <label htmlFor="export-version">{words.version}</label>
          <select
            id="export-version"
            data-testid="export-version"
            value={version}
            onChange={(event) => setVersion(event.target.value)}
          >
            {choices.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
      </section>
      {made.since !== undefined && <Waiting step={words.making} since={made.since} />}
      {made.error && <Problem error={made.error} missing={{ title: words.failed, about: "" }} />}
      {made.value && <Files exported={made.value} />}
      <OpenLineage plan={record.plan_id} />
    </>
  );
}

const noColours: readonly HighlightSpan[] = [];

function Files({ exported: { files, notes } }: { readonly exported: ExportedPlan }) {
  return (
    <>
      {notes.length > 0 && (
        <section className="card note" data-testid="export-notes">
          <h2>{words.notes}</h2>
          <ul className="bullets">
            {notes.map((note) => (
              <li key={note}>
                <SafeText text={note} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {files.map(({ path, text }) => {
        const name = path.split("/").at(-1) ?? path;
        return (
          <section key={path} className="card export-file" data-testid="export-file">
            <div className="card-head">
              <h2>
                <code>{path}</code>
              </h2>
              <div className="row">
                <CopyButton text={text} label={words.copy(name)} />
                <button
                  type="button"
                  className="button"
                  data-testid="export-download"
                  aria-label={words.download(name)}
                  onClick={() => download(text, name, "text/plain;charset=utf-8")}
                >
                  {words.downloadShort}
                </button>
              </div>
            </div>
            <SqlText sql={text} highlight={noColours} label={path} />
          </section>
        );
      })}
    </>
  );
}

/** Events of the plan's runs, which only the server knows. */
function OpenLineage({ plan }: { readonly plan: string }) {
  const { act, doing, error } = useAct();
  const fetchEvents = async () => {
    const { body } = await caller.request({
      path: `/api/plans/${encodeURIComponent(plan)}/lineage`,
      query: { format: "openlineage" },
    });
    download(`${JSON.stringify(body, null, 2)}\n`, `openlineage-${plan.slice(0, 8)}.json`);
  };
  return (
    <section className="card">
      <div className="card-head">
        <div>
          <h2>{words.lineage}</h2>
          <p className="quiet">{words.lineageAbout}</p>
        </div>
        <button
          type="button"
          className="button"
          data-testid="export-openlineage"
          aria-disabled={doing !== undefined || undefined}
          onClick={() => void act("openlineage", fetchEvents, words.lineageDone)}
        >
          {words.lineageOpen}
        </button>
      </div>
      {error && <Problem error={error} />}
    </section>
  );
}
