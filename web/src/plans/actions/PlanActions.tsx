import { useState } from "react";
import { archivePlan, pausePlan, resumePlan, startRun, undeployPlan } from "../../api/plans";
import { mayAct, useMe } from "../../shell/me";
import { planWords } from "../../strings/plans";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Problem } from "../../ui/Problem";
import { useAct } from "../../ui/useAct";
import type { OpenPlan } from "../PlanPage";
import { DeployDialog } from "./DeployDialog";
import { type PlanAction, possibleActions } from "./possible";

const words = planWords.actions;

interface Props {
  readonly open: OpenPlan;
  readonly onChange: () => void;
}

/** What can be done with a plan in its state. What is destructive asks first. */
export function PlanActions({ open, onChange }: Props) {
  const { record, etag } = open;
  const me = useMe();
  const { act, doing, error, forget } = useAct();
  const [asking, setAsking] = useState<PlanAction>();
  const id = record.plan_id;

  const doIt = async (action: Exclude<PlanAction, "deploy">) => {
    setAsking(undefined);
    const calls = {
      run: (key: string) => startRun(id, key),
      pause: (key: string) => pausePlan(id, key),
      resume: (key: string) => resumePlan(id, key),
      undeploy: (key: string) => undeployPlan(id, key),
      archive: () => archivePlan(id, etag),
    };
    if (await act(action, calls[action], words.done[action])) onChange();
  };
  const press = (action: PlanAction) => {
    forget();
    if (action === "undeploy" || action === "archive" || action === "deploy") setAsking(action);
    else void doIt(action);
  };

  return (
    <div className="plan-actions">
      <fieldset className="row end bare" aria-label={words.label}>
        {possibleActions(record).map((action) => {
          const role = action === "archive" ? "author" : "deployer";
          const allowed = mayAct(me, role);
          return (
            <button
              key={action}
              type="button"
              className={action === "deploy" ? "button primary" : "button"}
              data-testid={`act-${action}`}
              aria-disabled={!allowed || doing !== undefined || undefined}
              title={allowed ? undefined : words.notAllowed(role)}
              onClick={() => allowed && doing === undefined && press(action)}
            >
              {doing === action ? words.busy : label(action, record.version)}
            </button>
          );
        })}
      </fieldset>
      {error && <Problem error={error} testId="act-problem" />}
      {(asking === "undeploy" || asking === "archive") && (
        <ConfirmDialog
          title={planWords.confirm[`${asking}Title`]}
          confirm={planWords.confirm[asking]}
          cancel={planWords.confirm.cancel}
          destructive
          onClose={() => setAsking(undefined)}
          onConfirm={() => void doIt(asking)}
        >
          <p>{planWords.confirm[`${asking}About`]}</p>
        </ConfirmDialog>
      )}
      {asking === "deploy" && (
        <DeployDialog
          record={record}
          version={record.version}
          onClose={() => setAsking(undefined)}
          onDone={onChange}
        />
      )}
    </div>
  );
}

function label(action: PlanAction, version: string): string {
  return action === "deploy" ? words.deploy(version) : words[action];
}
