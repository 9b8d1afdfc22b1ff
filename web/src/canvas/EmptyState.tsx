import { canvasWords } from "../strings/canvas";
import { LampIcon } from "../ui/Icon";

/** An empty canvas: one sentence, one button. Drops go through it to the canvas. */
export function EmptyState({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <div className="empty" data-testid="empty-state">
      <span className="empty-mark">
        <LampIcon size={44} />
      </span>
      <p>{canvasWords.empty.title}</p>
      <button type="button" className="button primary" data-testid="empty-add" onClick={onAdd}>
        {canvasWords.empty.button}
      </button>
    </div>
  );
}
