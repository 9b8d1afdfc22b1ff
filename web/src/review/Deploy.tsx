import { type Dispatch, useEffect, useRef, useState } from "react";
import { useMe } from "../shell/me";
import { review } from "../strings/review";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { Waiting } from "../ui/Waiting";
import type { Checked, Details } from "./check";
import { scheduleDigest } from "./digest";
import { Failure } from "./Failure";
import { useLater } from "./later";
import { tableAt, textAt, valueAt } from "./pointer";
import { ExternalLink, Runs, Steps } from "./Runs";
import { IdentityWords } from "./Summary";
import { isSaved, type ReviewAction, type ReviewState } from "./state";

interface Props {
  readonly state: ReviewState;
  readonly checked: Checked;
  readonly details: Details | undefined;
  readonly dispatch: Dispatch<ReviewAction>;
  /** What each button waits for; empty: it can be pressed. */
  readonly waits: { readonly save: string; readonly deploy: string; readonly run: string };
  readonly onSave: () => void;
  readonly onDeploy: () => void;
  readonly onRun: () => void;
}

/** Saving, deploying what was looked at, running it, and what came of it. */
export function Deploy({ state, checked, details, dispatch, waits, onSave, onDeploy, onRun }: Props) {
  const words = review.deploy;
  const [confirming, setConfirming] = useState(false);
  const { work, saved, deployment } = state;
  const { plan } = checked;
  const current = isSaved(state);
  const version = saved?.record.version ?? textAt(plan, "/plan_metadata/version");
  const live = deployment !== undefined && deployment.state !== "undeployed" && deployment.state !== "failed";
  const same = live && current && deployment.plan_hash === saved?.record.plan_hash;
  const press = (waiting: string, act: () => void) => () => waiting === "" && act();

  return (
    <section className="card deploy" data-testid="deploy" data-saved={current} data-work={work.kind}>
      <h2>{words.title}</h2>
      {details && <Effects state={state} checked={checked} details={details} />}
      <div className="row deploy-buttons">
        <button
          type="button"
          className={current ? "button" : "button primary"}
          data-testid="save"
          aria-disabled={waits.save !== "" || undefined}
          aria-describedby={waits.save === "" ? undefined : "deploy-waits"}
          onClick={press(waits.save, onSave)}
        >
          {saved ? words.saveVersion : words.saveNew}
        </button>
        <button
          type="button"
          className={current && !same ? "button primary" : "button"}
          data-testid="deploy-button"
          data-hash={saved?.record.plan_hash}
          aria-disabled={waits.deploy !== "" || undefined}
          aria-describedby={waits.deploy === "" ? undefined : "deploy-waits"}
          onClick={press(waits.deploy, () => setConfirming(true))}
        >
          {words.deploy(version)}
        </button>
        {live && (
          <button
            type="button"
            className={same ? "button primary" : "button"}
            data-testid="run-now"
            aria-disabled={waits.run !== "" || undefined}
            aria-describedby={waits.run === "" ? undefined : "deploy-waits"}
            onClick={press(waits.run, onRun)}
          >
            {words.run}
          </button>
        )}
      </div>
      <Waits waits={waits} saved={current} />
      {current && (
        <p className="quiet" data-testid="saved-as">
          {words.savedAs(version)}
        </p>
      )}
      {(work.kind === "saving" || work.kind === "deploying" || work.kind === "starting") && (
        <Waiting step={words[work.kind]} since={work.since} />
      )}
      {work.kind === "failed" && work.what !== "counting" && (
        <Failure
          what={work.what}
          error={work.error}
          onRetry={work.what === "saving" ? onSave : work.what === "deploying" ? onDeploy : onRun}
        />
      )}
      {deployment && <Deployed deployment={deployment} changed={!same} />}
      <Runs planId={textAt(plan, "/plan_metadata/plan_id")} runs={state.runs} dispatch={dispatch} />
      {/* What is confirmed is what was looked at: never the effects of the plan before the last change. */}
      {confirming && details?.plan === plan && (
        <Confirm
          state={state}
          checked={checked}
          details={details}
          onClose={() => setConfirming(false)}
          onConfirm={onDeploy}
        />
      )}
    </section>
  );
}

/** What the buttons wait for, once for all of them. */
function Waits({ waits, saved }: { readonly waits: Props["waits"]; readonly saved: boolean }) {
  const first = saved ? waits.deploy || waits.run : waits.save || waits.deploy;
  if (first === "") return null;
  return (
    <p className="quiet" id="deploy-waits" data-testid="deploy-waits">
      {`${review.deploy.waits} ${first}.`}
    </p>
  );
}

type EffectProps = Pick<Props, "state" | "checked"> & { readonly details: Details };

/** Exactly what deploying creates or changes, what loses rows first. */
function Effects({ state, checked, details }: EffectProps) {
  useLater();
  const words = review.deploy;
  const { plan } = checked;
  const { deployment } = state;
  const known = deployment !== undefined && deployment.state !== "undeployed" && deployment.job_id !== null;
  const destructive = details.explanation.effects.filter((effect) => effect.destructive);
  const scheduled =
    valueAt(plan, "/schedule/type") === "cron" && valueAt(plan, "/schedule/enabled") !== false;
  const creates = details.rendered.statements.setup.length > 0;
  return (
    <div className="deploy-effects" data-testid="deploy-effects">
      <h3>{words.willTitle}</h3>
      <ul>
        {destructive.map(({ text }) => (
          <li key={text} data-destructive="true">
            <Icon name="warning" size={18} />
            <strong>
              <SafeText text={words.destroys(text)} />
            </strong>
          </li>
        ))}
        <li>
          <Icon name={known ? "pencil" : "plus"} size={18} />
          <SafeText text={words.job(textAt(plan, "/plan_metadata/plan_name"), known)} />
        </li>
        <li>
          <Icon name={known ? "pencil" : "plus"} size={18} />
          <span>{words.file(known)}</span>
        </li>
        {creates && (
          <li>
            <Icon name="table" size={18} />
            <SafeText text={words.table(tableAt(plan, "/target"))} />
          </li>
        )}
        <li>
          <Icon name="clock" size={18} />
          <SafeText text={scheduled ? words.schedule(scheduleDigest(plan)) : words.noSchedule} />
        </li>
      </ul>
    </div>
  );
}

interface ConfirmProps extends EffectProps {
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

function Confirm({ state, checked, details, onClose, onConfirm }: ConfirmProps) {
  const words = review.deploy;
  const me = useMe();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const record = state.saved?.record;
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="confirm-deploy"
      onClose={onClose}
      data-testid="confirm-deploy"
    >
      <div className="dialog-head">
        <h2 id="confirm-deploy">
          <SafeText text={words.confirmTitle(textAt(checked.plan, "/plan_metadata/plan_name"))} />
        </h2>
      </div>
      <p>
        <IdentityWords me={me} />
      </p>
      <Effects state={state} checked={checked} details={details} />
      {record && (
        <p className="quiet row plan-hash">
          {words.hash} <code>{record.plan_hash}</code>
          <CopyButton text={record.plan_hash} label={words.hash} />
        </p>
      )}
      <div className="row end">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {words.cancel}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="confirm"
          onClick={() => {
            dialog.current?.close();
            onConfirm();
          }}
        >
          {words.confirm}
        </button>
      </div>
    </dialog>
  );
}

function Deployed({
  deployment,
  changed,
}: {
  readonly deployment: NonNullable<ReviewState["deployment"]>;
  readonly changed: boolean;
}) {
  const words = review.deploy;
  return (
    <div
      className="deployed"
      data-testid="deployment"
      data-state={deployment.state}
      data-version={deployment.version}
    >
      <p className="strong">{words.deployedAs(deployment.version)}</p>
      {changed && <p>{words.differs}</p>}
      <dl className="sheet-facts">
        {deployment.job_id && (
          <>
            <dt>{words.jobId}</dt>
            <dd>
              <code data-testid="job-id">{deployment.job_id}</code>
              {deployment.job_url && <ExternalLink href={deployment.job_url} label={words.openJob} />}
            </dd>
          </>
        )}
        {deployment.file_path && (
          <>
            <dt>{words.file_path}</dt>
            <dd>
              <code>
                <SafeText text={deployment.file_path} />
              </code>
            </dd>
          </>
        )}
      </dl>
      <Steps steps={deployment.steps} />
    </div>
  );
}
