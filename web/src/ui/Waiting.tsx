import { strings } from "../strings";
import { useNow } from "./useNow";

interface Props {
  /** What is being done. */
  readonly step: string;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
  readonly onStop?: () => void;
}

/** A named step; after two seconds also how long it has taken, with the way out. */
export function Waiting({ step, since, onStop }: Props) {
  const seconds = Math.max(0, Math.floor((useNow(true) - since) / 1000));
  return (
    <div className="waiting" aria-busy="true" data-testid="waiting">
      <p className="progress-line" role="status">
        <span className="spinner" aria-hidden="true" />
        <span>{step}</span>
      </p>
      {seconds >= 2 && <span className="elapsed">{strings.common.elapsed(seconds)}</span>}
      {seconds >= 2 && onStop && (
        <button type="button" className="button" onClick={onStop}>
          {strings.common.stop}
        </button>
      )}
    </div>
  );
}
