import { deployPlan, getVersion } from "../../api/plans";
import { type Comparison, compare, explain, type PlanExplanation } from "../../api/render";
import type { PlanRecord, PlanVersionRecord } from "../../api/types";
import { planWords } from "../../strings/plans";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Problem } from "../../ui/Problem";
import { SafeText } from "../../ui/SafeText";
import { SqlLines } from "../../ui/SqlText";
import { useAct } from "../../ui/useAct";
import { useResource } from "../../ui/useResource";
import { Waiting } from "../../ui/Waiting";

const words = planWords.confirm;

interface Props {
  readonly record: PlanRecord;
  readonly version: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

interface Outlook {
  readonly chosen: PlanVersionRecord;
  readonly explanation: PlanExplanation;
  /** Against what the job runs now; absent if there is no job. */
  readonly comparison?: Comparison;
}

/** Before a version is deployed: what a run will destroy, and how it differs from what runs now. */
export function DeployDialog({ record, version, onClose, onDone }: Props) {
  const { plan_id: id, deployment } = record;
  const running = deployment && deployment.state !== "undeployed" ? deployment.version : undefined;
  const outlook = useResource<Outlook>(`${id} ${version}`, async (signal) => {
    const chosen = await getVersion(id, version, { signal });
    const before = running === undefined ? undefined : await getVersion(id, running, { signal });
    return {
      chosen,
      explanation: await explain(chosen.plan),
      ...(before && { comparison: await compare(before.plan, chosen.plan) }),
    };
  });
  const { act, doing, error } = useAct();
  const { value } = outlook;

  const deploy = async () => {
    if (!value) return;
    const body = { plan_hash: value.chosen.plan_hash, version };
    if (await act("deploy", (key) => deployPlan(id, body, key), planWords.actions.done.deploy)) {
      onClose();
      onDone();
    }
  };

  return (
    <ConfirmDialog
      title={words.deployTitle(version)}
      confirm={doing ? planWords.actions.busy : words.deploy}
      cancel={words.cancel}
      waiting={!value || doing !== undefined}
      onClose={onClose}
      onConfirm={() => void deploy()}
    >
      <p>{words.deployAbout(version, record.target)}</p>
      <p>{running === undefined ? words.first : words.instead(running)}</p>
      {outlook.since !== undefined && <Waiting step={words.comparing} since={outlook.since} />}
      {outlook.error && <Problem error={outlook.error} onRetry={outlook.reload} />}
      {value && <Effects explanation={value.explanation} />}
      {value?.comparison && <Changes comparison={value.comparison} />}
      {value && (
        <p className="quiet hash-line">
          <SafeText text={words.hash(value.chosen.plan_hash)} />
        </p>
      )}
      {error && <Problem error={error} testId="deploy-problem" />}
    </ConfirmDialog>
  );
}

function Effects({ explanation }: { readonly explanation: PlanExplanation }) {
  const effects = [...explanation.effects].sort((a, b) => Number(b.destructive) - Number(a.destructive));
  return (
    <ul className="bullets" data-testid="deploy-effects">
      {effects.map(({ effect, destructive, text }) => (
        <li key={`${effect} ${text}`} className={destructive ? "danger-text" : undefined}>
          {destructive && <strong>{planWords.destructive} </strong>}
          <SafeText text={text} />
        </li>
      ))}
    </ul>
  );
}

function Changes({ comparison: { changes, lines } }: { readonly comparison: Comparison }) {
  const differs = lines?.some(({ kind }) => kind !== "same");
  return (
    <>
      {changes.length > 0 && (
        <ul className="bullets">
          {changes.map((change) => (
            <li key={`${change.kind} ${change.path}`}>
              <SafeText text={change.words} />
            </li>
          ))}
        </ul>
      )}
      {lines && !differs && <p>{words.sameSql}</p>}
      {lines && differs && (
        <>
          <p>{words.sqlChanges}</p>
          <SqlLines lines={lines} label={planWords.versions.sqlChanges} />
        </>
      )}
    </>
  );
}
