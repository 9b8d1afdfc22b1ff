import { memo, useEffect, useRef, useState } from "react";
import { review } from "../strings/review";
import { SafeText } from "../ui/SafeText";
import { hasHidden } from "../ui/unsafeText";
import { type Block, type Piece, piecesOf, type ShownLine, sameBlock } from "./lines";

/** Blocks that are coloured at once, without being looked at first: more than a screen shows. */
const first = 2;

/**
 * A statement of any length. All of its text is on the page, to be searched, copied and read aloud; colours are drawn
 * where somebody looks.
 */
export function SqlBlocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <pre data-testid="sql">
      {blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are places in the text, and what stands there changes
        <BlockLines key={at} block={block} seen={at < first} />
      ))}
    </pre>
  );
}

const BlockLines = memo(
  function BlockLines({ block, seen }: { readonly block: Block; readonly seen: boolean }) {
    const element = useRef<HTMLSpanElement>(null);
    const [near, setNear] = useState(seen || typeof IntersectionObserver === "undefined");
    useEffect(() => {
      const { current } = element;
      if (near || !current) return;
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
        },
        // The second for the pane, where that is what scrolls; browsers that do not know it colour a moment later.
        { rootMargin: "600px", scrollMargin: "600px" } as IntersectionObserverInit,
      );
      observer.observe(current);
      return () => observer.disconnect();
    }, [near]);
    return (
      <span className="sql-block" ref={element}>
        {near ? <Coloured block={block} /> : <Plain lines={block.lines} />}
      </span>
    );
  },
  (before, after) => before.seen === after.seen && sameBlock(before.block, after.block),
);

function Coloured({ block }: { readonly block: Block }) {
  const pieces = piecesOf(block);
  return block.lines.map(({ state }, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no names
    <Line key={at} state={state} pieces={pieces[at] ?? []} />
  ));
}

/** Without colours; lines in which nothing changed are one text. */
function Plain({ lines }: { readonly lines: readonly ShownLine[] }) {
  const runs: { state: ShownLine["state"]; text: string }[] = [];
  for (const { state, text } of lines) {
    const last = runs.at(-1);
    if (state === "same" && last?.state === "same") last.text += `\n${text}`;
    else runs.push({ state, text });
  }
  return runs.map(({ state, text }, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no names
    <Line key={at} state={state} pieces={[{ text, kind: "" }]} />
  ));
}

interface LineProps {
  readonly state: ShownLine["state"];
  readonly pieces: readonly Piece[];
}

function Line({ state, pieces }: LineProps) {
  return (
    <span className="sql-line" data-state={state}>
      {state !== "same" && (
        <span className="visually-hidden">{state === "added" ? review.sql.added : review.sql.removed}: </span>
      )}
      {pieces.map(({ kind, text }, at) => {
        const shown = hasHidden(text) ? <SafeText text={text} lines /> : text;
        if (kind === "") return shown;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no names
          <span key={at} className={`sql-${kind}`}>
            {shown}
          </span>
        );
      })}
      {"\n"}
    </span>
  );
}
