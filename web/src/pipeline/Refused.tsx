import type { HandoffError } from "../api";
import { describeFailure, failureKind } from "../genie/failure";
import { strings } from "../strings";
import { canvasWords } from "../strings/canvas";
import { pipelineWords } from "../strings/pipeline";
import { Icon } from "../ui/Icon";

interface Props {
  readonly error: HandoffError;
  /** Makes the link in the page. */
  readonly onOwn: () => void;
  readonly onToken: () => void;
}

/** The server would make no link: why, and what can be done without it. */
export function Refused({ error, onOwn, onToken }: Props) {
  const words = pipelineWords;
  const kind = failureKind(error);
  const known = kind === "other" || kind === "invalid" ? undefined : describeFailure(error, "space").title;
  return (
    <div className="findings-box is-error" role="alert" data-testid="pipeline-refused">
      <p className="findings-title">
        <Icon name="warning" size={18} />
        {words.refused}
      </p>
      <p dir="auto">
        {known ?? error.message}{" "}
        <code>
          {error.status ?? ""} {error.code}
        </code>
      </p>
      {error.requestId && (
        <p className="quiet">
          {strings.common.requestId} <code className="selectable">{error.requestId}</code>
        </p>
      )}
      <div className="row">
        {kind === "unauthorised" && (
          <button type="button" className="button" onClick={onToken}>
            {canvasWords.errors.enterToken}
          </button>
        )}
        <button type="button" className="button" data-testid="pipeline-own" onClick={onOwn}>
          {words.makeOwn}
        </button>
      </div>
    </div>
  );
}
