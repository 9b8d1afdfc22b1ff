import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { GenieSpaceSummary } from "../api";
import { strings } from "../strings";
import { canvasWords } from "../strings/canvas";
import { MoreIcon } from "../ui/MoreIcon";
import { describeFailure } from "./failure";
import { looksLikeReference, searchSpaces } from "./spaceSearch";
import { useReference } from "./useReference";
import { useSpaceList } from "./useSpaceList";

interface Props {
  /** The space the block shows now. */
  readonly current: string | undefined;
  readonly onChoose: (spaceId: string) => void;
  readonly onCancel: () => void;
}

/** More rows than anybody reads; the search narrows them. */
const maxShown = 100;
/** A search reads further pages by itself while it has fewer hits than this, up to {@link maxPages}. */
const enoughHits = 10;
const maxPages = 20;

interface Option {
  readonly spaceId: string;
  readonly title: string;
  readonly about?: string | undefined;
}

/** A searchable list of the workspace's spaces (combobox with a list box), which also takes an id or a link. */
export function SpaceChooser({ current, onChoose, onCancel }: Props) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useSpaceList();
  const reference = useReference(query);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();

  const isReference = looksLikeReference(query);
  const hits = isReference ? [] : searchSpaces(list.spaces, query);
  const options = toOptions(hits, reference.kind === "space" ? reference.spaceId : undefined, list.spaces);
  const selected = Math.min(active, options.length - 1);

  useEffect(() => input.current?.focus({ preventScroll: true }), []);

  const { readMore } = list;
  const searchFurther =
    query.trim() !== "" && !isReference && hits.length < enoughHits && list.more && list.pages < maxPages;
  useEffect(() => {
    if (searchFurther && list.state === "ready") readMore();
  }, [searchFurther, list.state, readMore]);

  useEffect(() => {
    box.current?.querySelector(`[data-index="${selected}"]`)?.scrollIntoView({ block: "nearest" });
  }, [selected]);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = nextIndex(event.key, selected, options.length);
    if (to !== undefined) setActive(to);
    else if (event.key === "Enter") {
      const option = options[selected];
      if (option) onChoose(option.spaceId);
    } else if (event.key === "Escape") onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="chooser nodrag nopan nowheel nokey" data-testid="space-chooser">
      <label className="chooser-label" htmlFor={`${id}-input`}>
        {canvasWords.chooser.label}
      </label>
      <div className="chooser-field">
        <MoreIcon name="search" size={16} />
        <input
          ref={input}
          id={`${id}-input`}
          data-testid="space-search"
          type="text"
          role="combobox"
          autoComplete="off"
          spellCheck={false}
          placeholder={canvasWords.chooser.placeholder}
          aria-expanded={options.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={options.length > 0 ? `${id}-${selected}` : undefined}
          aria-describedby={`${id}-status`}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        ref={box}
        id={`${id}-list`}
        className="chooser-list"
        role="listbox"
        aria-label={canvasWords.chooser.options}
        aria-busy={list.state === "loading"}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          if (list.state === "ready" && scrollHeight - scrollTop - clientHeight < 48) readMore();
        }}
      >
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys belong to the combobox, which keeps the focus.
          // biome-ignore lint/a11y/useFocusableInteractive: options are pointed at with aria-activedescendant.
          <div
            key={option.spaceId}
            id={`${id}-${index}`}
            className="chooser-option"
            role="option"
            data-testid="space-option"
            data-index={index}
            data-space-id={option.spaceId}
            data-active={index === selected || undefined}
            aria-selected={option.spaceId === current}
            onPointerMove={() => setActive(index)}
            onClick={() => onChoose(option.spaceId)}
          >
            <span className="chooser-head">
              <span className="chooser-name" dir="auto">
                {option.title}
              </span>
              {option.spaceId === current && (
                <span className="chooser-current">{canvasWords.chooser.current}</span>
              )}
            </span>
            {option.about && (
              <span className="chooser-about" dir="auto">
                {option.about}
              </span>
            )}
            <code className="chooser-id">{option.spaceId}</code>
          </div>
        ))}
      </div>
      <div className="chooser-status" id={`${id}-status`} role="status">
        {status(list, hits.length, query, reference)}
      </div>
      {list.state === "error" && list.error && !isReference && (
        <div className="chooser-error" role="alert">
          <p>{describeFailure(list.error, "list").title}</p>
          {list.error.requestId && (
            <p className="quiet">
              {strings.common.requestId} <code>{list.error.requestId}</code>
            </p>
          )}
        </div>
      )}
      <div className="row end">
        {list.state === "error" && (
          <button type="button" className="button" data-testid="list-retry" onClick={readMore}>
            {canvasWords.chooser.retry}
          </button>
        )}
        {list.state === "ready" && list.more && !isReference && (
          <button type="button" className="button" data-testid="list-more" onClick={readMore}>
            {canvasWords.chooser.more}
          </button>
        )}
        <button type="button" className="button" data-testid="chooser-cancel" onClick={onCancel}>
          {canvasWords.chooser.cancel}
        </button>
      </div>
    </div>
  );
}

function toOptions(
  hits: readonly GenieSpaceSummary[],
  referred: string | undefined,
  known: readonly GenieSpaceSummary[],
): Option[] {
  if (referred !== undefined) {
    const space = known.find((candidate) => candidate.space_id === referred);
    return [{ spaceId: referred, title: space?.display_name || canvasWords.chooser.useReference }];
  }
  return hits.slice(0, maxShown).map((space) => ({
    spaceId: space.space_id,
    title: space.display_name || canvasWords.chooser.unnamed,
    about: space.description ?? undefined,
  }));
}

function nextIndex(key: string, selected: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case "ArrowDown":
      return (selected + 1) % count;
    case "ArrowUp":
      return (selected - 1 + count) % count;
    case "PageDown":
      return Math.min(selected + 5, count - 1);
    case "PageUp":
      return Math.max(selected - 5, 0);
    default:
      return undefined;
  }
}

function status(
  list: ReturnType<typeof useSpaceList>,
  hits: number,
  query: string,
  reference: ReturnType<typeof useReference>,
): string {
  const words = canvasWords.chooser;
  if (reference.kind === "invalid") return reference.message;
  if (reference.kind !== "none") return "";
  if (list.state === "loading") return list.pages === 0 ? words.loading : words.loadingMore;
  if (list.state === "error") return "";
  if (list.spaces.length === 0 && !list.more) return words.empty;
  if (query.trim() === "") {
    return hits > maxShown ? words.narrow(maxShown) : words.known(list.spaces.length, list.more);
  }
  if (hits === 0) return list.more ? words.noneYet : words.none;
  return hits > maxShown ? words.narrow(maxShown) : words.counts(hits, list.spaces.length, list.more);
}
