import type { Deployment, PlanRecord } from "../api/types";
import { plansWords, planWords as words } from "../strings/plans";
import { runsWords } from "../strings/runs";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { safeLink } from "../ui/safeLink";
import { When } from "../ui/When";

/** What of the plan is in Databricks. */
export function DeploymentCard({ record }: { readonly record: PlanRecord }) {
  const { deployment } = record;
  return (
    <section className="card" data-testid="deployment" data-state={deployment?.state ?? "none"}>
      <h2>{words.deployment}</h2>
      {deployment === null ? (
        <p className="quiet">{words.notDeployed}</p>
      ) : (
        <Deployed deployment={deployment} record={record} />
      )}
    </section>
  );
}

function Deployed({ deployment, record }: { readonly deployment: Deployment; readonly record: PlanRecord }) {
  const job = safeLink(deployment.job_url);
  const there = deployment.state === "deployed" || deployment.state === "paused";
  return (
    <>
      <p className={deployment.state === "failed" ? "danger-text" : undefined}>
        {words.deploymentStates[deployment.state] ?? deployment.state}
      </p>
      {there && deployment.plan_hash !== record.plan_hash && (
        <p className="care-text">
          <Icon name="info" size={18} /> {words.behind(deployment.version, record.version)}
        </p>
      )}
      <dl className="sheet-facts">
        <dt>{words.deployedVersion}</dt>
        <dd>{deployment.version}</dd>
        <dt>{words.job}</dt>
        <dd>
          {deployment.job_id && <code>{deployment.job_id}</code>}
          {job !== undefined && (
            <a href={job} target="_blank" rel="noreferrer">
              {words.openJob} <span className="visually-hidden">{runsWords.opensNewTab}</span>
            </a>
          )}
        </dd>
        {deployment.file_path && (
          <>
            <dt>{words.file}</dt>
            <dd className="id-line">
              <code>
                <SafeText text={deployment.file_path} />
              </code>
              <CopyButton text={deployment.file_path} label={words.copyPath} />
            </dd>
          </>
        )}
        <dt>{words.runAs}</dt>
        <dd>{deployment.run_as ? <SafeText text={deployment.run_as} /> : words.runAsUnknown}</dd>
        <dt>{words.deployedBy}</dt>
        <dd>
          <span>
            <When at={deployment.deployed_at} /> {plansWords.by} <SafeText text={deployment.deployed_by} />
          </span>
        </dd>
      </dl>
      {deployment.steps.length > 0 &&
        (deployment.state === "failed" || deployment.state === "in_progress") && (
          <Steps steps={deployment.steps} />
        )}
    </>
  );
}

function Steps({ steps }: { readonly steps: Deployment["steps"] }) {
  return (
    <>
      <h3>{words.steps}</h3>
      <ol className="steps">
        {steps.map((step) => (
          <li key={step.name} data-state={step.state}>
            <span>
              <SafeText text={step.name} />: {words.stepStates[step.state] ?? step.state}
            </span>
            {step.message && (
              <span className="quiet">
                <SafeText text={step.message} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
