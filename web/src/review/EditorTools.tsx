import type { Dispatch } from "react";
import { editor } from "../strings/editor";
import { review } from "../strings/review";
import { useAnnounce } from "../ui/Announcer";
import { Icon } from "../ui/Icon";
import { type ReviewAction, type ReviewState, sameContent } from "./state";
import type { Suggestion } from "./suggestion";

interface Props {
  readonly state: ReviewState;
  readonly suggestion: Suggestion;
  /** Whether this browser keeps the draft. */
  readonly kept: boolean;
  readonly dispatch: Dispatch<ReviewAction>;
}

/** The head of the editor: steps back and forth, and where the draft is. */
export function EditorTools({ state, suggestion, kept, dispatch }: Props) {
  const words = editor.tools;
  const announce = useAnnounce();
  const back = state.history.past.at(-1);
  const [forth] = state.history.future;
  const restartable = !sameContent(state.history.present, suggestion.plan);
  return (
    <div className="card-head">
      <h2>{review.editor.title}</h2>
      <div className="row">
        <span className={kept ? "quiet" : "field-error"} data-testid="kept">
          {kept ? words.kept : words.notKept}
        </span>
        {restartable && (
          <button
            type="button"
            className="text-button"
            onClick={() => {
              dispatch({ type: "restart", plan: suggestion.plan, label: words.restart.toLowerCase() });
              announce(words.restarted);
            }}
          >
            {words.restart}
          </button>
        )}
        <button
          type="button"
          className="icon-button"
          data-testid="undo"
          aria-label={back ? words.undoStep(back.label) : words.undo}
          title={back ? words.undoStep(back.label) : words.undo}
          aria-disabled={!back || undefined}
          onClick={() => {
            if (!back) return;
            dispatch({ type: "undo" });
            announce(words.undone(back.label));
          }}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          className="icon-button"
          data-testid="redo"
          aria-label={forth ? words.redoStep(forth.label) : words.redo}
          title={forth ? words.redoStep(forth.label) : words.redo}
          aria-disabled={!forth || undefined}
          onClick={() => {
            if (!forth) return;
            dispatch({ type: "redo" });
            announce(words.redone(forth.label));
          }}
        >
          <Icon name="redo" />
        </button>
      </div>
    </div>
  );
}
