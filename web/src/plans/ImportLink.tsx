import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { plansWords } from "../strings/plans";
import { reviewHref } from "./address";

const words = plansWords.import;

/** A field for a link that somebody sent. The review page reads it and says what is wrong with it, if anything is. */
export function ImportLink({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);

  const open = (event: FormEvent) => {
    event.preventDefault();
    const href = reviewHref(text);
    if (href !== undefined) {
      window.location.assign(href);
      return;
    }
    setWrong(text.trim() === "" ? words.empty : words.unknown);
    field.current?.focus();
  };

  return (
    <form className="card" data-testid="import-form" onSubmit={open} noValidate>
      <label htmlFor={id} className="strong">
        {words.label}
      </label>
      <div className="paste-row">
        <input
          ref={field}
          id={id}
          type="text"
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          placeholder={words.placeholder}
          data-testid="import-link"
          aria-describedby={`${id}-about`}
          aria-invalid={wrong !== undefined || undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setWrong(undefined);
          }}
        />
        <button type="submit" className="button primary" data-testid="import-open">
          {words.open}
        </button>
      </div>
      <p id={`${id}-about`} className={wrong ? "danger-text" : "quiet"} role={wrong ? "alert" : undefined}>
        {wrong ?? words.about}
      </p>
      <div className="row">
        <button type="button" className="text-button" onClick={onClose}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
