import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { maxNameLength } from "../canvas/document";
import { canvasWords } from "../strings/canvas";
import { LampIcon } from "../ui/Icon";
import { MoreIcon } from "../ui/MoreIcon";

interface Props {
  readonly title: string;
  /** The name given by hand, as the rename field starts with. */
  readonly name: string | undefined;
  /** A line under the title: the space's own name, or what kind of block it is. */
  readonly subtitle: string;
  readonly mark?: ReactNode;
  /** What an empty name means. */
  readonly renameAbout?: string;
  readonly renaming: boolean;
  readonly onRenaming: (on: boolean) => void;
  readonly onRename: (name: string) => void;
  readonly onRemove: () => void;
  /** Choosing another space, for blocks that show one. */
  readonly choose?: {
    readonly open: boolean;
    readonly button: RefObject<HTMLButtonElement | null>;
    readonly onPress: () => void;
  };
}

/** The band on top of a block: mark, title, and what can be done with the block. Also its drag handle. */
export function BlockHeader(props: Props) {
  const { title, subtitle, renaming } = props;
  const renameButton = useRef<HTMLButtonElement>(null);
  const wasRenaming = useRef(false);

  useEffect(() => {
    if (wasRenaming.current && !renaming) renameButton.current?.focus({ preventScroll: true });
    wasRenaming.current = renaming;
  }, [renaming]);

  return (
    <div className="block-header">
      <span className="block-mark">{props.mark ?? <LampIcon size={22} />}</span>
      <div className="block-titles">
        {renaming ? (
          <RenameField
            name={props.name}
            about={props.renameAbout ?? canvasWords.block.renameAbout}
            onRename={props.onRename}
            onDone={() => props.onRenaming(false)}
          />
        ) : (
          <>
            <p className="block-title" data-testid="block-title" dir="auto" title={title}>
              {title}
            </p>
            <p className="block-subtitle" dir="auto">
              {subtitle}
            </p>
          </>
        )}
      </div>
      {!renaming && (
        <div className="block-tools nodrag nopan">
          <button
            ref={renameButton}
            type="button"
            className="icon-button"
            data-testid="block-rename"
            aria-label={canvasWords.block.rename}
            title={canvasWords.block.rename}
            onClick={() => props.onRenaming(true)}
          >
            <MoreIcon name="pencil" size={18} />
          </button>
          {props.choose && (
            <button
              ref={props.choose.button}
              type="button"
              className="icon-button"
              data-testid="block-choose"
              aria-label={canvasWords.block.choose}
              aria-expanded={props.choose.open}
              title={canvasWords.block.choose}
              onClick={props.choose.onPress}
            >
              <MoreIcon name="swap" size={18} />
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            data-testid="block-delete"
            aria-label={canvasWords.block.remove}
            title={canvasWords.block.remove}
            onClick={props.onRemove}
          >
            <MoreIcon name="bin" size={18} />
          </button>
        </div>
      )}
    </div>
  );
}

interface RenameProps {
  readonly name: string | undefined;
  readonly about: string;
  readonly onRename: (name: string) => void;
  readonly onDone: () => void;
}

/** Enter and leaving the field take the name, Escape does not. */
function RenameField({ name, about, onRename, onDone }: RenameProps) {
  const input = useRef<HTMLInputElement>(null);
  const settled = useRef(false);
  useEffect(() => input.current?.select(), []);

  const finish = (take: boolean) => {
    if (settled.current) return;
    settled.current = true;
    if (take && input.current) onRename(input.current.value);
    onDone();
  };

  return (
    <input
      ref={input}
      className="block-rename nodrag nopan nokey"
      data-testid="block-rename-input"
      aria-label={canvasWords.block.renameLabel}
      placeholder={about}
      defaultValue={name}
      maxLength={maxNameLength}
      dir="auto"
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        // Else the same key press would reach the button that gets the focus now.
        event.preventDefault();
        finish(event.key === "Enter");
      }}
    />
  );
}
