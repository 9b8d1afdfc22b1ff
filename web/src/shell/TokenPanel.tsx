import { type FormEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { strings } from "../strings";
import { useAnnounce } from "../ui/Announcer";
import { Icon } from "../ui/Icon";
import { sessionToken } from "./token";

interface Props {
  /** Whether the server lets nobody in without a token. */
  readonly wanted: boolean;
  /** Whether a call was refused. */
  readonly refused: boolean;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** The access token of this tab. Not shown where none is needed, in use or asked for. */
export function TokenPanel({ wanted, refused, open, onOpen }: Props) {
  const token = useSyncExternalStore(sessionToken.subscribe, sessionToken.read);
  const inUse = token !== undefined;
  if (!wanted && !refused && !inUse && !open) return null;
  const urgent = refused || (wanted && !inUse);
  return (
    <div className="disclosure">
      <button
        type="button"
        className={urgent ? "pill token-pill" : "icon-button"}
        data-testid="token-button"
        aria-expanded={open}
        aria-label={strings.token.button}
        title={strings.token.button}
        onClick={() => onOpen(!open)}
      >
        <Icon name="key" size={18} />
        {urgent && <span className="token-word">{strings.token.button}</span>}
      </button>
      {open && <TokenForm inUse={inUse} refused={refused} onClose={() => onOpen(false)} />}
    </div>
  );
}

interface FormProps {
  readonly inUse: boolean;
  readonly refused: boolean;
  readonly onClose: () => void;
}

function TokenForm({ inUse, refused, onClose }: FormProps) {
  const announce = useAnnounce();
  const [value, setValue] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value.trim() === "") return;
    sessionToken.write(value);
    announce(strings.token.saved);
    onClose();
  };
  const forget = () => {
    sessionToken.write("");
    announce(strings.token.forgotten);
    onClose();
  };

  return (
    <form
      className="panel panel-end token-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <p className="strong">
        {refused ? strings.token.refused : inUse ? strings.token.inUse : strings.token.missing}
      </p>
      <label htmlFor="token-input">{strings.token.label}</label>
      <input
        ref={input}
        id="token-input"
        data-testid="token-input"
        type="password"
        autoComplete="off"
        spellCheck={false}
        aria-describedby="token-about"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <p className="quiet" id="token-about">
        {strings.token.about}
      </p>
      <div className="row end">
        {inUse && (
          <button type="button" className="button" onClick={forget}>
            {strings.token.forget}
          </button>
        )}
        <button type="submit" className="button primary" data-testid="token-save">
          {strings.token.save}
        </button>
      </div>
    </form>
  );
}
