import { createPortal } from "react-dom";
import { canvasWords } from "../strings/canvas";
import { useAnnounce } from "../ui/Announcer";
import { LampIcon } from "../ui/Icon";
import { MoreIcon, PilotIcon } from "../ui/MoreIcon";
import type { Block } from "./document";
import type { AddBlock } from "./useAddBlock";
import { paletteButtonId } from "./useFocusRequests";
import { type PaletteDrag, usePaletteDrag } from "./usePaletteDrag";

const kinds = {
  genie: { words: canvasWords.palette.genie, about: canvasWords.palette.genieAbout, Mark: LampIcon },
  pilot: { words: canvasWords.palette.pilot, about: canvasWords.palette.pilotAbout, Mark: PilotIcon },
} as const;

/** What can be put on the canvas. Each item is a button; dragging is the shortcut. */
export function Palette({ add }: { readonly add: AddBlock }) {
  return (
    <section className="palette" aria-labelledby="palette-title">
      <h2 id="palette-title" className="palette-title">
        {canvasWords.palette.title}
      </h2>
      <PaletteItem kind="genie" add={add} />
      <PaletteItem kind="pilot" add={add} />
      <p className="palette-hint">{canvasWords.palette.howTo}</p>
    </section>
  );
}

function PaletteItem({ kind, add }: { readonly kind: Block["kind"]; readonly add: AddBlock }) {
  const announce = useAnnounce();
  const { words, about, Mark } = kinds[kind];
  const { drag, handlers, endsDrag } = usePaletteDrag({
    onDrop: (point) => add.at(point, kind),
    onCancel: () => announce(canvasWords.palette.dropCancelled),
  });
  return (
    <>
      <button
        id={kind === "genie" ? paletteButtonId : undefined}
        type="button"
        className="palette-item"
        data-testid={`palette-${kind}`}
        aria-describedby={`palette-${kind}-about`}
        {...handlers}
        onClick={() => {
          if (!endsDrag()) add.inView(kind);
        }}
      >
        <span className={`block-mark mark-${kind}`}>
          <Mark size={24} />
        </span>
        <span className="palette-name">{words}</span>
        <span className="palette-plus">
          <MoreIcon name="plus" />
        </span>
      </button>
      <p className="palette-hint" id={`palette-${kind}-about`}>
        {about}
      </p>
      {drag && <DragGhost drag={drag} kind={kind} />}
    </>
  );
}

function DragGhost({ drag, kind }: { readonly drag: PaletteDrag; readonly kind: Block["kind"] }) {
  const { words, Mark } = kinds[kind];
  return createPortal(
    <div
      className="drag-ghost"
      data-over={drag.overCanvas || undefined}
      style={{ transform: `translate(${drag.point.x}px, ${drag.point.y}px)` }}
    >
      <div className="drag-ghost-card">
        <span className={`block-mark mark-${kind}`}>
          <Mark size={22} />
        </span>
        <span>{words}</span>
      </div>
    </div>,
    document.body,
  );
}
