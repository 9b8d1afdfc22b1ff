import type { HandoffError } from "../api";
import { strings } from "../strings";
import { handoffWords } from "../strings/handoff";
import { Icon } from "../ui/Icon";

interface Props {
  readonly error: HandoffError;
  readonly onRetry: () => void;
}

/** The link may be fine; what reads it is missing. */
export function NoCode({ error, onRetry }: Props) {
  const { title, about, blocked } = handoffWords.noCode;
  return (
    <div className="card refused" role="alert" data-testid="no-code" data-code={error.code}>
      <h2>
        <Icon name="warning" />
        {title}
      </h2>
      <p>{error.code === "wasm_blocked" ? blocked : about}</p>
      <p className="quiet">
        {strings.common.code} <code>{error.code}</code>
      </p>
      <div className="row">
        <button type="button" className="button primary" data-testid="retry" onClick={onRetry}>
          {handoffWords.retry}
        </button>
      </div>
    </div>
  );
}
