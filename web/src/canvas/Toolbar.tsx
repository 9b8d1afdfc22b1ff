import type { Dispatch } from "react";
import { canvasWords } from "../strings/canvas";
import { useAnnounce } from "../ui/Announcer";
import { Disclosure } from "../ui/Disclosure";
import { type AnyIconName, MoreIcon } from "../ui/MoreIcon";
import type { Point } from "./document";
import { grid } from "./placement";
import type { PageAction, PageState, StepLabel } from "./state";
import type { SaveState } from "./useAutosave";

interface Props {
  readonly state: PageState;
  readonly dispatch: Dispatch<PageAction>;
  readonly save: SaveState;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onDelete: () => void;
  readonly onShortcuts: () => void;
  readonly listOpen: boolean;
  readonly onList: () => void;
}

/** What can be done with the canvas as a whole, and whether it is saved. */
export function Toolbar(props: Props) {
  const { state } = props;
  const { past, future, present } = state.history;
  const undoLabel = past.at(-1)?.label;
  const redoLabel = future[0]?.label;
  const words = canvasWords.canvas;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div className="toolbar" role="group" aria-label={words.toolbar}>
      <div className="toolbar-group">
        <Tool
          icon="undo"
          label={undoLabel === undefined ? words.undo : words.undoStep(stepWords(undoLabel))}
          testId="undo"
          off={undoLabel === undefined}
          onPress={props.onUndo}
        />
        <Tool
          icon="redo"
          label={redoLabel === undefined ? words.redo : words.redoStep(stepWords(redoLabel))}
          testId="redo"
          off={redoLabel === undefined}
          onPress={props.onRedo}
        />
        <Tool
          icon="bin"
          label={words.delete}
          testId="delete"
          off={state.selected.length === 0}
          onPress={props.onDelete}
        />
        <MovePad state={state} dispatch={props.dispatch} />
      </div>
      <p className="save-state" data-testid="save-state" data-state={props.save} role="status">
        {canvasWords.save[props.save]}
      </p>
      <div className="toolbar-group">
        <Tool icon="keyboard" label={words.shortcuts} testId="shortcuts" onPress={props.onShortcuts} />
        <Tool
          icon="list"
          label={canvasWords.list.toggle(present.blocks.length)}
          testId="list-toggle"
          expanded={props.listOpen}
          onPress={props.onList}
        />
      </div>
    </div>
  );
}

/** Words for a step of the history. A label from a later version has none, and is shown as it is. */
export function stepWords(label: string): string {
  const { steps } = canvasWords.canvas;
  return Object.hasOwn(steps, label) ? steps[label as StepLabel] : label;
}

interface ToolProps {
  readonly icon: AnyIconName;
  readonly label: string;
  readonly testId?: string;
  /** Stays focusable: a button that vanishes under the finger takes the focus with it. */
  readonly off?: boolean;
  readonly expanded?: boolean;
  readonly onPress: () => void;
}

/** A button with an icon, which says what it does on hover and to screen readers. */
export function Tool({ icon, label, testId, off = false, expanded, onPress }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button"
      data-testid={testId}
      aria-label={label}
      title={label}
      aria-disabled={off || undefined}
      aria-expanded={expanded}
      onClick={() => {
        if (!off) onPress();
      }}
    >
      <MoreIcon name={icon} />
    </button>
  );
}

const directions: readonly {
  readonly name: keyof typeof canvasWords.canvas.directions;
  readonly by: Point;
}[] = [
  { name: "up", by: { x: 0, y: -grid * 5 } },
  { name: "left", by: { x: -grid * 5, y: 0 } },
  { name: "right", by: { x: grid * 5, y: 0 } },
  { name: "down", by: { x: 0, y: grid * 5 } },
];

/** Moves the selected blocks with single presses, for those who can neither drag nor reach the arrow keys. */
function MovePad({
  state,
  dispatch,
}: {
  readonly state: PageState;
  readonly dispatch: Dispatch<PageAction>;
}) {
  const announce = useAnnounce();
  const blocks = state.history.present.blocks.filter((block) => state.selected.includes(block.id));
  const move = (by: Point) => {
    const moved = blocks.map(
      (block) => [block.id, { x: block.position.x + by.x, y: block.position.y + by.y }] as const,
    );
    const merge = { key: `move ${state.selected.join(" ")}`, at: Date.now() };
    dispatch({ type: "edit", edit: { type: "move", to: Object.fromEntries(moved) }, merge });
    const first = moved[0]?.[1];
    if (first) announce(canvasWords.canvas.moved(first.x, first.y));
  };
  return (
    <Disclosure
      className="icon-button"
      face={<MoreIcon name="move" />}
      label={canvasWords.canvas.move}
      testId="move"
      align="start"
    >
      <p className="quiet">
        {blocks.length === 0 ? canvasWords.canvas.moveNothing : canvasWords.canvas.moveAbout}
      </p>
      <div className="move-pad">
        {directions.map(({ name, by }) => (
          <span key={name} className={`move-${name}`}>
            <Tool
              icon={name}
              label={canvasWords.canvas.directions[name]}
              off={blocks.length === 0}
              onPress={() => move(by)}
            />
          </span>
        ))}
      </div>
    </Disclosure>
  );
}
