import { createPortal } from "react-dom";
import { strings } from "../strings";
import { useAnnounce } from "../ui/Announcer";
import { Icon, LampIcon } from "../ui/Icon";
import type { AddBlock } from "./useAddBlock";
import { paletteButtonId } from "./useFocusRequests";
import { type PaletteDrag, usePaletteDrag } from "./usePaletteDrag";

/** What can be put on the canvas. Each item is a button; dragging is the shortcut. */
export function Palette({ add }: { readonly add: AddBlock }) {
  const announce = useAnnounce();
  const { drag, handlers, endsDrag } = usePaletteDrag({
    onDrop: add.at,
    onCancel: () => announce(strings.palette.dropCancelled),
  });
  return (
    <section className="palette" aria-labelledby="palette-title">
      <h2 id="palette-title" className="palette-title">
        {strings.palette.title}
      </h2>
      <button
        id={paletteButtonId}
        type="button"
        className="palette-item"
        data-testid="palette-genie"
        aria-describedby="palette-genie-about"
        {...handlers}
        onClick={() => {
          if (!endsDrag()) add.inView();
        }}
      >
        <span className="block-mark">
          <LampIcon size={24} />
        </span>
        <span className="palette-name">{strings.palette.genie}</span>
        <span className="palette-plus">
          <Icon name="plus" />
        </span>
      </button>
      <p className="palette-hint" id="palette-genie-about">
        {strings.palette.genieAbout} {strings.palette.howTo}
      </p>
      {drag && <DragGhost drag={drag} />}
    </section>
  );
}

function DragGhost({ drag }: { readonly drag: PaletteDrag }) {
  return createPortal(
    <div
      className="drag-ghost"
      data-over={drag.overCanvas || undefined}
      style={{ transform: `translate(${drag.point.x}px, ${drag.point.y}px)` }}
    >
      <div className="drag-ghost-card">
        <span className="block-mark">
          <LampIcon size={22} />
        </span>
        <span>{strings.palette.genie}</span>
      </div>
    </div>,
    document.body,
  );
}
