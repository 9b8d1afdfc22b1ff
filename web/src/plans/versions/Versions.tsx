import { useState } from "react";
import { listVersions } from "../../api/plans";
import type { PlanRecord, PlanVersion } from "../../api/types";
import { mayAct, useMe } from "../../shell/me";
import { plansWords, planWords } from "../../strings/plans";
import { Problem } from "../../ui/Problem";
import { SafeText } from "../../ui/SafeText";
import { usePages } from "../../ui/usePages";
import { Waiting } from "../../ui/Waiting";
import { When } from "../../ui/When";
import { DeployDialog } from "../actions/DeployDialog";
import { VersionDiff } from "./VersionDiff";

const words = planWords.versions;

interface Props {
  readonly record: PlanRecord;
  readonly onChange: () => void;
}

/** Every version, the newest first: compare any two, deploy an older one again. */
export function Versions({ record, onChange }: Props) {
  const [deploying, setDeploying] = useState<string>();
  const list = usePages(
    `${record.plan_id} ${record.plan_hash}`,
    (next, signal) => listVersions(record.plan_id, { next, signal }),
    (version) => version.version,
  );
  const { deployment } = record;
  const running = deployment && deployment.state !== "undeployed" ? deployment.version : undefined;
  return (
    <>
      <section className="card" data-testid="versions">
        <h2>{words.title}</h2>
        <p className="quiet">{words.about}</p>
        {list.error && <Problem error={list.error} onRetry={list.reload} />}
        <ol className="versions">
          {list.items.map((version, index) => (
            <VersionRow
              key={version.version}
              version={version}
              newest={index === 0}
              running={version.version === running}
              archived={record.state === "archived"}
              onDeploy={() => setDeploying(version.version)}
            />
          ))}
        </ol>
        {list.since !== undefined && <Waiting step={words.loading} since={list.since} />}
        {list.next !== undefined && list.since === undefined && (
          <div className="row">
            <button type="button" className="button" onClick={list.more}>
              {plansWords.more}
            </button>
          </div>
        )}
      </section>
      {list.items.length > 1 && <VersionDiff plan={record.plan_id} versions={list.items} running={running} />}
      {list.ready && list.items.length === 1 && <p className="quiet">{words.one}</p>}
      {deploying !== undefined && (
        <DeployDialog
          record={record}
          version={deploying}
          onClose={() => setDeploying(undefined)}
          onDone={onChange}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly version: PlanVersion;
  readonly newest: boolean;
  readonly running: boolean;
  readonly archived: boolean;
  readonly onDeploy: () => void;
}

function VersionRow({ version, newest, running, archived, onDeploy }: RowProps) {
  const me = useMe();
  const allowed = mayAct(me, "deployer");
  const label = newest ? planWords.actions.deploy : planWords.actions.rollback;
  return (
    <li data-testid="version-row">
      <div>
        <p className="version-line">
          <span className="strong">{version.version}</span>
          {newest && <span className="tag">{words.newest}</span>}
          {running && <span className="tag">{words.running}</span>}
          <span>{words.changes[version.change] ?? version.change}</span>
        </p>
        <p className="quiet">
          <When at={version.created_at} /> {plansWords.by} <SafeText text={version.created_by} />
        </p>
        {version.note && (
          <p>
            {words.note}: <SafeText text={version.note} />
          </p>
        )}
        <p className="quiet hash-line">
          <code>{version.plan_hash}</code>
        </p>
      </div>
      {!running && !archived && (
        <button
          type="button"
          className="button"
          data-testid="version-deploy"
          aria-disabled={!allowed || undefined}
          title={allowed ? undefined : planWords.actions.notAllowed("deployer")}
          onClick={() => allowed && onDeploy()}
        >
          {label(version.version)}
        </button>
      )}
    </li>
  );
}
