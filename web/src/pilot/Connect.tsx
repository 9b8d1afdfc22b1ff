import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { BlockName } from "../canvas/context";
import { useBlockNames, useCanvasActions } from "../canvas/context";
import { canvasWords } from "../strings/canvas";
import { useAnnounce } from "../ui/Announcer";
import { MoreIcon } from "../ui/MoreIcon";

const words = canvasWords.pilot;

/** In a Genie block: leads its links to a SQLPilot block. The same as dragging an edge, without dragging. */
export function ConnectTo({ genie }: { readonly genie: string }) {
  const [open, setOpen] = useState(false);
  const pilots = useBlockNames("pilot");
  const own = useBlockNames("genie").find(({ id }) => id === genie)?.title ?? "";
  const { dispatch } = useCanvasActions();
  const announce = useAnnounce();
  const button = useRef<HTMLButtonElement>(null);

  const connect = ({ id, title }: BlockName) => {
    dispatch({ type: "edit", edit: { type: "connect", id, from: genie } });
    announce(words.connected(own, title));
    setOpen(false);
    button.current?.focus({ preventScroll: true });
  };
  return (
    <div className="block-section connect-to">
      <button
        ref={button}
        type="button"
        className="text-button nodrag nopan"
        data-testid="connect-toggle"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <MoreIcon name={open ? "down" : "right"} size={16} />
        {words.connectTo}
      </button>
      {open && pilots.length === 0 && <p className="quiet">{words.noPilots}</p>}
      {open && pilots.length > 0 && (
        <SelectBlock label={words.connectLabel} blocks={pilots} focus onChosen={connect} />
      )}
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly blocks: readonly BlockName[];
  /** Whether it takes the focus when it appears. */
  readonly focus?: boolean;
  readonly onChosen: (block: BlockName) => void;
}

/** A select with its button: choosing alone must not act, because arrow keys choose too. */
export function SelectBlock({ label, blocks, focus = false, onChosen }: SelectProps) {
  const id = useId();
  const select = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (focus) select.current?.focus({ preventScroll: true });
  }, [focus]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = blocks.find((block) => block.id === select.current?.value);
    if (chosen) onChosen(chosen);
  };
  return (
    <form className="connect-form nodrag nopan nokey" onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      <div className="paste-row">
        <select ref={select} id={id} data-testid="connect-select">
          {blocks.map((block) => (
            <option key={block.id} value={block.id}>
              {block.title}
            </option>
          ))}
        </select>
        <button type="submit" className="button" data-testid="connect">
          {words.connect}
        </button>
      </div>
    </form>
  );
}
