import type { HandoffError } from "../api";
import { strings } from "../strings";
import { problemWords } from "../strings/problems";
import { CheckList } from "./CheckList";
import { CopyButton } from "./CopyButton";
import { Icon } from "./Icon";
import { SafeText } from "./SafeText";

interface Props {
  readonly error: HandoffError;
  readonly onRetry?: (() => void) | undefined;
  /** In place of the words for "not found". */
  readonly missing?: { readonly title: string; readonly about: string };
  readonly testId?: string;
}

/** What failed, what was not done, what to do next, and what to quote when asking for help. */
export function Problem({ error, onRetry, missing, testId = "problem" }: Props) {
  const { title, next } = wordsFor(error, missing);
  const own = error.message !== title ? error.message : undefined;
  return (
    <div className="card refused" role="alert" data-testid={testId} data-code={error.code}>
      <h2>
        <Icon name="warning" />
        {title}
      </h2>
      {own && (
        <p>
          <SafeText text={own} />
        </p>
      )}
      <p>{next}</p>
      {error.checks && <CheckList checks={error.checks} />}
      {error.retryAfter !== undefined && <p>{problemWords.retryAt(error.retryAfter)}</p>}
      <p className="quiet problem-id">
        {strings.common.code} <code>{error.code}</code>
        {error.requestId !== undefined && (
          <>
            {", "}
            {strings.common.requestId} <code>{error.requestId}</code>
            <CopyButton text={error.requestId} label={strings.common.copyRequestId} />
          </>
        )}
      </p>
      {onRetry && (
        <div className="row">
          <button type="button" className="button" data-testid="problem-retry" onClick={onRetry}>
            {problemWords.retry}
          </button>
        </div>
      )}
    </div>
  );
}

/** Words by code, then by status, then by kind. */
export function wordsFor(
  error: HandoffError,
  missing?: Props["missing"],
): { readonly title: string; readonly next: string } {
  const { status = 0, code } = error;
  if (status === 404 && missing) return { title: missing.title, next: missing.about };
  const known = problemWords.codes.get(code);
  if (known) return known;
  if (code === "network_error" || code === "timeout") return problemWords.network;
  return (
    problemWords.statuses.get(status) ??
    (status === 502 || status === 503 || status === 504 ? problemWords.upstream : problemWords.other)
  );
}
