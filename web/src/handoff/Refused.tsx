import type { HandoffError } from "../api";
import { strings } from "../strings";
import { handoffWords } from "../strings/handoff";
import { refusedWords } from "../strings/refused";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";

const words = refusedWords;

/** A link that cannot be opened: which error it is, and what to do. */
export function Refused({ error }: { readonly error: HandoffError }) {
  const [title, why] = words.codes.get(error.code) ?? [words.other];
  return (
    <div className="card refused" role="alert" data-testid="refused" data-code={error.code}>
      <h2>
        <Icon name="warning" />
        {title}
      </h2>
      <p>
        <SafeText text={why ?? error.message} />
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
        {strings.common.code} <code>{error.code}</code>
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
        {strings.common.code} <code>tampered</code>
      </p>
    </div>
  );
}

interface UnreadProps {
  readonly error: HandoffError;
  readonly onRetry: () => void;
}

/** The server keeps the handoff, and could not be asked for it. */
export function Unread({ error, onRetry }: UnreadProps) {
  const { title, about } = refusedWords.unread;
  return (
    <div className="card refused" role="alert" data-testid="unread" data-code={error.code}>
      <h2>
        <Icon name="warning" />
        {title}
      </h2>
      <p>
        <SafeText text={error.message} /> {about}
      </p>
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
