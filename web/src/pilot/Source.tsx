import { type FormEvent, useId, useRef, useState } from "react";
import { useBlockNames, useCanvasActions } from "../canvas/context";
import { maxLinkLength, type PilotBlock } from "../canvas/document";
import { canvasWords } from "../strings/canvas";
import { useAnnounce } from "../ui/Announcer";
import { SafeText } from "../ui/SafeText";
import { SelectBlock } from "./Connect";

const words = canvasWords.pilot;

/** Where the link comes from: the Genie block that it is connected to. */
export function Connection({ block, title }: { readonly block: PilotBlock; readonly title: string }) {
  const { dispatch } = useCanvasActions();
  const announce = useAnnounce();
  const genies = useBlockNames("genie");
  const from = genies.find(({ id }) => id === block.from);
  if (from)
    return (
      <div className="block-origin pilot-from" data-testid="pilot-from">
        <span>
          {words.from}{" "}
          <button
            type="button"
            className="text-button nodrag nopan"
            title={words.goThere}
            onClick={() => dispatch({ type: "focus", id: from.id })}
          >
            <SafeText text={from.title} />
          </button>
        </span>
        <button
          type="button"
          className="text-button nodrag nopan"
          data-testid="pilot-disconnect"
          onClick={() => {
            dispatch({ type: "edit", edit: { type: "connect", id: block.id, from: undefined } });
            announce(words.disconnected);
          }}
        >
          {words.disconnect}
        </button>
      </div>
    );
  if (block.link !== undefined || genies.length === 0) return null;
  return (
    <div className="block-section">
      <SelectBlock
        label={words.takeFrom}
        blocks={genies}
        onChosen={({ id, title: name }) => {
          dispatch({ type: "edit", edit: { type: "connect", id: block.id, from: id } });
          announce(words.connected(name, title));
        }}
      />
    </div>
  );
}

/** A field for a link that came in some other way. */
export function PasteInto({ block }: { readonly block: PilotBlock }) {
  const { dispatch } = useCanvasActions();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [value, setValue] = useState("");
  const [wrong, setWrong] = useState<string>();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const link = value.trim();
    const found =
      link === "" ? words.paste.empty : link.length > maxLinkLength ? words.paste.tooLong : undefined;
    setWrong(found);
    if (found === undefined) dispatch({ type: "edit", edit: { type: "link", ids: [block.id], link } });
    else input.current?.focus({ preventScroll: true });
  };
  return (
    <div className="block-section">
      <form className="connect-form nodrag nopan nokey" noValidate onSubmit={submit}>
        <label htmlFor={id}>{words.paste.label}</label>
        <input
          ref={input}
          id={id}
          data-testid="pilot-paste"
          type="text"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={value}
          placeholder={words.paste.placeholder}
          aria-describedby={`${id}-about`}
          aria-invalid={wrong !== undefined || undefined}
          onChange={(event) => {
            setValue(event.target.value);
            setWrong(undefined);
          }}
        />
        <p className="quiet" id={`${id}-about`}>
          {wrong && <span className="field-error">{wrong} </span>}
          {block.from === undefined ? words.about : words.waiting}
        </p>
        <button type="submit" className="button" data-testid="pilot-take">
          {words.paste.open}
        </button>
      </form>
    </div>
  );
}
