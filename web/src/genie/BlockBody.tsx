import type { HandoffError } from "../api";
import { strings } from "../strings";
import { canvasWords } from "../strings/canvas";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { timeOfDay } from "../ui/time";
import { useNow } from "../ui/useNow";
import { describeFailure, type Failure } from "./failure";
import type { BlockView } from "./useBlockSpace";

/** A named step, the time it has taken once that is worth saying, and the way out. */
export function Progress({ view }: { readonly view: Extract<BlockView, { kind: "finding" | "loading" }> }) {
  const now = useNow(true);
  const seconds = Math.max(0, Math.floor((now - view.since) / 1000));
  const step = view.kind === "finding" ? canvasWords.block.finding : canvasWords.block.reading;
  return (
    <div className="block-section" aria-busy="true">
      <p className="progress-line">
        <span className="spinner" aria-hidden="true" />
        <span>{step}</span>
        {seconds >= 2 && <span className="elapsed">{strings.common.elapsed(seconds)}</span>}
      </p>
      {seconds >= 8 && <p className="quiet">{canvasWords.block.slow}</p>}
      {!view.space && (
        <div className="skeleton" aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      )}
      <div className="row nodrag nopan">
        <button type="button" className="button" data-testid="block-stop" onClick={view.stop}>
          {strings.common.stop}
        </button>
      </div>
    </div>
  );
}

interface StoppedProps {
  readonly view: Extract<BlockView, { kind: "stopped" }>;
  readonly onChoose: () => void;
}

/** After "Stop waiting". */
export function Stopped({ view, onChoose }: StoppedProps) {
  return (
    <div className="block-section">
      <p className="strong">{canvasWords.block.stoppedTitle}</p>
      <p className="quiet">{canvasWords.block.stoppedAbout}</p>
      <div className="row nodrag nopan">
        <button type="button" className="button primary" data-testid="block-retry" onClick={view.start}>
          {view.subject === "list" ? canvasWords.block.findNow : canvasWords.block.readNow}
        </button>
        <button type="button" className="button" onClick={onChoose}>
          {canvasWords.block.choose}
        </button>
      </div>
    </div>
  );
}

/** The workspace lists nothing. */
export function NoSpaces({ onChoose }: { readonly onChoose: () => void }) {
  return (
    <div className="block-section">
      <p className="strong">{canvasWords.block.noSpacesTitle}</p>
      <p className="quiet">{canvasWords.block.noSpacesAbout}</p>
      <div className="row nodrag nopan">
        <button type="button" className="button primary" onClick={onChoose}>
          {canvasWords.chooser.title}
        </button>
      </div>
    </div>
  );
}

interface FailedProps {
  readonly view: Extract<BlockView, { kind: "failed" }>;
  readonly onChoose: () => void;
  readonly onToken: () => void;
}

/** What failed, what was not done, what to do next; or when the block tries again by itself. */
export function Failed({ view, onChoose, onToken }: FailedProps) {
  const { error, retryAt } = view;
  const failure = describeFailure(error, view.subject);
  const waiting = retryAt !== undefined;
  return (
    <div
      className={`block-section failure ${waiting ? "is-waiting" : "is-error"}`}
      data-failure={failure.kind}
    >
      <p className="failure-title">
        <Icon name={waiting ? "clock" : "warning"} size={18} />
        <span>{failure.title}</span>
      </p>
      {failure.detail && (
        <p dir="auto" className="failure-detail">
          {failure.detail}
        </p>
      )}
      {waiting && <Countdown at={retryAt} />}
      <p>{waiting ? failure.next : `${canvasWords.errors.nothingDone} ${nextStep(failure)}`}</p>
      <div className="row nodrag nopan">
        {failure.kind === "unauthorised" && (
          <button type="button" className="button primary" onClick={onToken}>
            {canvasWords.errors.enterToken}
          </button>
        )}
        <button type="button" className="button" data-testid="block-retry" onClick={view.retry}>
          {waiting ? canvasWords.errors.tryNow : strings.common.retry}
        </button>
        {waiting ? (
          <button type="button" className="button" data-testid="block-stop" onClick={view.giveUp}>
            {strings.common.stop}
          </button>
        ) : (
          <button type="button" className="button" onClick={onChoose}>
            {canvasWords.block.chooseShort}
          </button>
        )}
      </div>
      <ErrorDetails error={error} />
    </div>
  );
}

/** Somebody who stopped the waiting does not want to read that the block waits. */
function nextStep(failure: Failure): string {
  return failure.kind === "throttled" ? canvasWords.errors.stoppedWaiting : failure.next;
}

function Countdown({ at }: { readonly at: number }) {
  const seconds = Math.max(0, Math.ceil((at - useNow(true)) / 1000));
  return (
    <p data-testid="retry-at">
      {canvasWords.errors.retryAt(timeOfDay(at))}{" "}
      <span className="elapsed">{canvasWords.errors.retryIn(seconds)}</span>
    </p>
  );
}

function ErrorDetails({ error }: { readonly error: HandoffError }) {
  return (
    <dl className="error-details">
      <dt>{strings.common.code}</dt>
      <dd>
        <code>{error.status === undefined ? error.code : `${error.status} ${error.code}`}</code>
      </dd>
      {error.requestId && (
        <>
          <dt>{strings.common.requestId}</dt>
          <dd className="with-copy nodrag nopan">
            <code className="selectable">{error.requestId}</code>
            <CopyButton text={error.requestId} label={strings.common.copyRequestId} />
          </dd>
        </>
      )}
    </dl>
  );
}
