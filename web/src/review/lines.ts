/** SQL as blocks of lines with their colours, and what changed in them. Pure. */
import { type SqlLine, sqlKinds } from "../api";

/** A coloured piece of a line. */
export interface Piece {
  readonly text: string;
  /** A colour's name; empty for what has none. */
  readonly kind: string;
}

/** Some lines of a text, drawn together and drawn again only if something in them is another. */
export interface Block {
  readonly lines: readonly ShownLine[];
  /** Start, end and kind of each coloured span in turn, counted from the start of the block's text. */
  readonly colours: readonly number[];
}

/** A line to show. */
export interface ShownLine {
  readonly text: string;
  readonly state: SqlLine["kind"];
}

/** Lines of a block: few enough to be drawn in a moment, enough that a plan has few blocks. */
const blockLines = 40;

/** What has a colour of its own on the page. Names and operators have none, and they are most of a statement. */
const coloured: readonly boolean[] = sqlKinds.map((kind) =>
  ["keyword", "string", "number", "comment"].includes(kind),
);

/**
 * The lines of a text in blocks, those that are gone in their places. `changes` leaves the comment above the statement
 * out, which has the hash of the plan and so always differs.
 */
export function blocksOf(
  sql: string,
  colours: Uint32Array,
  changes: readonly SqlLine[] | undefined,
): readonly Block[] {
  const texts = sql.split("\n");
  const lines = changes ? merged(texts, changes) : texts.map((text) => ({ text, state: "same" as const }));
  const blocks: Block[] = [];
  let [at, span] = [0, 0];
  for (let first = 0; first < lines.length; first += blockLines) {
    const own = lines.slice(first, first + blockLines);
    const found: number[] = [];
    let here = 0;
    for (const { text, state } of own) {
      if (state !== "removed") {
        span = colour(found, text, here, at, colours, span);
        at += text.length + 1;
      }
      here += text.length + 1;
    }
    blocks.push({ lines: own, colours: found });
  }
  return blocks;
}

function merged(texts: readonly string[], changes: readonly SqlLine[]): ShownLine[] {
  const compared = changes.reduce((count, { kind }) => count + (kind === "removed" ? 0 : 1), 0);
  let at = Math.max(0, texts.length - compared);
  const lines: ShownLine[] = texts.slice(0, at).map((text) => ({ text, state: "same" }));
  for (const { kind, text } of changes) {
    lines.push({ text: kind === "removed" ? text : (texts[at] ?? ""), state: kind });
    if (kind !== "removed") at += 1;
  }
  return lines;
}

/**
 * Adds the colours of a line that begins at `at` of the text and at `here` of its block. Words of one colour with nothing
 * but a space between them become one. Gives the first span that the next line may need.
 */
function colour(
  found: number[],
  text: string,
  here: number,
  at: number,
  colours: Uint32Array,
  from: number,
): number {
  const end = at + text.length;
  let span = from;
  for (; span < colours.length; span += 3) {
    const [start = 0, stop = 0, kind = 0] = [colours[span], colours[span + 1], colours[span + 2]];
    if (start >= end) break;
    if (coloured[kind] && stop > at && end > at) {
      const first = Math.max(start, at) - at + here;
      const last = Math.min(stop, end) - at + here;
      const before = found.length - 3;
      if (found[before + 2] === kind && found[before + 1] === first - 1 && text[first - 1 - here] === " ") {
        found[before + 1] = last;
      } else {
        found.push(first, last, kind);
      }
    }
    // It goes on in the next line.
    if (stop > end) break;
  }
  return span;
}

/** The pieces of each line of a block. */
export function piecesOf({ lines, colours }: Block): Piece[][] {
  let [at, span] = [0, 0];
  return lines.map(({ text }) => {
    const pieces: Piece[] = [];
    let done = 0;
    for (; span < colours.length && (colours[span] ?? 0) < at + text.length; span += 3) {
      const [start = 0, end = 0, kind = 0] = [colours[span], colours[span + 1], colours[span + 2]];
      if (start - at > done) pieces.push({ text: text.slice(done, start - at), kind: "" });
      pieces.push({ text: text.slice(start - at, end - at), kind: sqlKinds[kind] ?? "" });
      done = end - at;
    }
    if (done < text.length) pieces.push({ text: text.slice(done), kind: "" });
    at += text.length + 1;
    return pieces;
  });
}

/** Whether two blocks look the same. */
export function sameBlock(a: Block, b: Block): boolean {
  return (
    a.lines.length === b.lines.length &&
    a.colours.length === b.colours.length &&
    a.lines.every(({ text, state }, at) => text === b.lines[at]?.text && state === b.lines[at]?.state) &&
    a.colours.every((number, at) => number === b.colours[at])
  );
}

/** How many lines came and went. */
export function countChanges(changes: readonly SqlLine[] | undefined): { added: number; removed: number } {
  let [added, removed] = [0, 0];
  for (const { kind } of changes ?? []) {
    if (kind === "added") added += 1;
    else if (kind === "removed") removed += 1;
  }
  return { added, removed };
}
