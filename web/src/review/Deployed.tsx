import { answers } from "../strings/answers";
import { SafeText } from "../ui/SafeText";
import { ExternalLink, Steps } from "./Runs";
import type { ReviewState } from "./state";

/** What is deployed now. */
export function Deployed({
  deployment,
  changed,
}: {
  readonly deployment: NonNullable<ReviewState["deployment"]>;
  readonly changed: boolean;
}) {
  const words = answers.deploy;
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
