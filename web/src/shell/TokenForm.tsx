import { type FormEvent, useEffect, useRef, useState } from "react";
import { panels } from "../strings/panels";
import { useAnnounce } from "../ui/Announcer";
import { sessionToken } from "./token";

interface FormProps {
  readonly inUse: boolean;
  readonly refused: boolean;
  readonly onClose: () => void;
}

/** Asks for the token of this tab. */
export function TokenForm({ inUse, refused, onClose }: FormProps) {
  const announce = useAnnounce();
  const [value, setValue] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value.trim() === "") return;
    sessionToken.write(value);
    announce(panels.token.saved);
    onClose();
  };
  const forget = () => {
    sessionToken.write("");
    announce(panels.token.forgotten);
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
        {refused ? panels.token.refused : inUse ? panels.token.inUse : panels.token.missing}
      </p>
      <label htmlFor="token-input">{panels.token.label}</label>
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
        {panels.token.about}
      </p>
      <div className="row end">
        {inUse && (
          <button type="button" className="button" onClick={forget}>
            {panels.token.forget}
          </button>
        )}
        <button type="submit" className="button primary" data-testid="token-save">
          {panels.token.save}
        </button>
      </div>
    </form>
  );
}
