import type { HandoffError } from "../api";
import { strings } from "../strings";
import { review } from "../strings/review";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { CheckList } from "./answered";
import type { WorkName } from "./state";

interface Props {
  readonly what: WorkName;
  readonly error: HandoffError;
  readonly onRetry?: () => void;
}

/** What was not done, why, and what to do next. */
export function Failure({ what, error, onRetry }: Props) {
  const words = review.failures;
  return (
    <div className="failure" role="alert" data-testid="failure" data-code={error.code}>
      <Icon name="warning" size={18} />
      <div>
        <p className="strong">{words[what]}</p>
        <p>
          <SafeText text={words.codes.get(error.code) ?? error.message} />
        </p>
        {error.help && !words.codes.has(error.code) && (
          <p className="quiet">
            <SafeText text={error.help} />
          </p>
        )}
        {(error.issues ?? []).length > 0 && (
          <ul className="bullets">
            {(error.issues ?? []).slice(0, 10).map(({ code, path, message }) => (
              <li key={`${code} ${path}`}>
                <SafeText text={message} />
              </li>
            ))}
          </ul>
        )}
        {error.checks && <CheckList checks={error.checks} />}
        <p className="row quiet">
          <span>
            {strings.common.code} <code>{error.code}</code>
          </span>
          {error.requestId && (
            <span className="row">
              {strings.common.requestId} <code>{error.requestId}</code>
              <CopyButton text={error.requestId} label={strings.common.copyRequestId} />
            </span>
          )}
        </p>
      </div>
      {onRetry && error.retryable && (
        <button type="button" className="button" onClick={onRetry}>
          {words.retry}
        </button>
      )}
    </div>
  );
}
