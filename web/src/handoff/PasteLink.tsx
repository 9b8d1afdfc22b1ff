import { type FormEvent, useId, useRef, useState } from "react";
import { handoffWords } from "../strings/handoff";

/** A field for a link that came in some other way. */
export function PasteLink({ onOpen }: { readonly onOpen: (link: string) => void }) {
  const words = handoffWords.paste;
  const id = useId();
  const [value, setValue] = useState("");
  const [missing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const link = value.trim();
    setMissing(link === "");
    if (link === "") {
      input.current?.focus();
      return;
    }
    setValue("");
    onOpen(link);
  };

  return (
    <form className="card paste-field" noValidate onSubmit={submit}>
      <label htmlFor={id}>{words.label}</label>
      <div className="paste-row">
        <input
          ref={input}
          id={id}
          data-testid="paste-link"
          type="text"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={value}
          placeholder={words.placeholder}
          aria-describedby={`${id}-about`}
          aria-invalid={missing || undefined}
          onChange={(event) => {
            setValue(event.target.value);
            setMissing(false);
          }}
        />
        <button type="submit" className="button" data-testid="paste-open">
          {words.open}
        </button>
      </div>
      <p className="quiet" id={`${id}-about`}>
        {missing && <span className="field-error">{words.empty} </span>}
        {words.about}
      </p>
    </form>
  );
}
