import type { Dispatch } from "react";
import { blockTitle } from "../genie/blockTitle";
import { strings } from "../strings";
import { canvasWords } from "../strings/canvas";
import { LampIcon } from "../ui/Icon";
import { MoreIcon, PilotIcon } from "../ui/MoreIcon";
import type { PageAction, PageState } from "./state";

interface Props {
  readonly state: PageState;
  readonly dispatch: Dispatch<PageAction>;
  readonly onDelete: (ids: readonly string[]) => void;
  readonly onClose: () => void;
}

/** The same blocks as an ordered list: for screen readers, and for finding a block on a large canvas. */
export function BlockList({ state, dispatch, onDelete, onClose }: Props) {
  const { blocks } = state.history.present;
  return (
    <aside className="block-list" aria-labelledby="block-list-title" data-testid="block-list">
      <div className="block-list-head">
        <h2 id="block-list-title">{canvasWords.list.title}</h2>
        <span className="quiet">{canvasWords.list.count(blocks.length)}</span>
        <button
          type="button"
          className="icon-button block-list-close"
          aria-label={strings.close}
          title={strings.close}
          onClick={onClose}
        >
          <MoreIcon name="close" />
        </button>
      </div>
      {blocks.length === 0 ? (
        <p className="quiet block-list-empty">{canvasWords.list.empty}</p>
      ) : (
        <ol>
          {blocks.map((block) => {
            const facts = state.facts[block.id];
            const title = blockTitle(block, facts?.displayName);
            const blockState = facts?.state ?? (block.kind === "pilot" ? "opening" : "loading");
            const Mark = block.kind === "pilot" ? PilotIcon : LampIcon;
            return (
              <li key={block.id} data-selected={state.selected.includes(block.id) || undefined}>
                <button
                  type="button"
                  className="block-list-item"
                  data-testid="list-item"
                  data-block-id={block.id}
                  onClick={() => dispatch({ type: "focus", id: block.id })}
                >
                  <Mark size={20} />
                  <span className="block-list-words">
                    <span className="block-list-name" dir="auto">
                      {title}
                    </span>
                    <span className="block-list-state" data-state={blockState}>
                      {canvasWords.list.states[blockState]}
                    </span>
                  </span>
                </button>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={canvasWords.list.remove(title)}
                  title={canvasWords.list.remove(title)}
                  onClick={() => onDelete([block.id])}
                >
                  <MoreIcon name="bin" size={18} />
                </button>
              </li>
            );
          })}
        </ol>
      )}
    </aside>
  );
}
