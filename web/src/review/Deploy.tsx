import { type Dispatch, useState } from "react";
import { review } from "../strings/review";
import { Waiting } from "../ui/Waiting";
import { Confirm, Deployed, Runs } from "./answered";
import type { Checked, Details } from "./check";
import { Effects } from "./Effects";
import { Failure } from "./Failure";
import { textAt } from "./pointer";
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
          {...Deployed.ahead}
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
          {...Confirm.ahead}
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
            {...Runs.ahead}
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
      {state.runs.length > 0 && (
        <Runs planId={textAt(plan, "/plan_metadata/plan_id")} runs={state.runs} dispatch={dispatch} />
      )}
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
