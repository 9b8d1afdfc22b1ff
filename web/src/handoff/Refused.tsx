import type { HandoffError } from "../api";
import { strings } from "../strings";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";

const words = strings.handoff.refused;
type Known = Exclude<
  keyof typeof words,
  "nothingShown" | "other" | "tampered" | "tamperedAbout" | "tamperedNext"
>;

function titleOf(code: string): string {
  return Object.hasOwn(words, code) ? words[code as Known] : words.other;
}

/** A link that cannot be opened: which error it is, and what to do. */
export function Refused({ error }: { readonly error: HandoffError }) {
  return (
    <div className="card refused" role="alert" data-testid="refused" data-code={error.code}>
      <h2>
        <Icon name="warning" />
        {titleOf(error.code)}
      </h2>
      <p>
        <SafeText text={error.message} />
      </p>
      {error.issues && error.issues.length > 0 && (
        <ul className="bullets">
          {error.issues.slice(0, 20).map(({ code, path, message }) => (
            <li key={`${code} ${path}`}>
              <SafeText text={message} />
            </li>
          ))}
        </ul>
      )}
      <p>
        {error.help && <SafeText text={error.help} />} {words.nothingShown}
      </p>
      <p className="quiet">
        {strings.errors.code} <code>{error.code}</code>
      </p>
    </div>
  );
}

/** The signature does not fit. The reason, and no content. */
export function Tampered({ host }: { readonly host: string }) {
  return (
    <div className="card refused" role="alert" data-testid="refused" data-code="tampered">
      <h2>
        <Icon name="warning" />
        {words.tampered}
      </h2>
      <p>
        <SafeText text={words.tamperedAbout(host)} />
      </p>
      <p>
        {words.tamperedNext} {words.nothingShown}
      </p>
      <p className="quiet">
        {strings.errors.code} <code>tampered</code>
      </p>
    </div>
  );
}

interface NoCodeProps {
  readonly error: HandoffError;
  readonly onRetry: () => void;
}

/** The link may be fine; what reads it is missing. */
export function NoCode({ error, onRetry }: NoCodeProps) {
  const { title, about } = strings.handoff.noCode;
  return (
    <div className="card refused" role="alert" data-testid="no-code" data-code={error.code}>
      <h2>
        <Icon name="warning" />
        {title}
      </h2>
      <p>{about}</p>
      <p className="quiet">
        {error.message} {error.help} <code>{error.code}</code>
      </p>
      <div className="row">
        <button type="button" className="button primary" data-testid="retry" onClick={onRetry}>
          {strings.handoff.retry}
        </button>
      </div>
    </div>
  );
}
