/** SQL as lines of coloured pieces, and what changed in them. Pure. */
import type { RenderedLoad, SqlLine } from "../api";

/** A coloured piece of a line. */
export interface Piece {
  readonly text: string;
  /** A colour's name; empty for white space. */
  readonly kind: string;
}

/** A line to show. */
export interface ShownLine {
  readonly key: string;
  readonly state: "same" | "added" | "removed";
  /** The pieces as one text, `kind` and text in turn, so that an unchanged line compares equal. */
  readonly packed: string;
}

const between = "\u0000";

/** The lines of a SQL text with their colours. */
export function linesOf({ sql, highlight }: RenderedLoad): string[] {
  const lines: string[] = [];
  let pieces: string[] = [];
  let at = 0;
  const push = (text: string, kind: string) => {
    const [first = "", ...more] = text.split("\n");
    if (first !== "") pieces.push(kind, first);
    for (const line of more) {
      lines.push(pieces.join(between));
      pieces = line === "" ? [] : [kind, line];
    }
  };
  for (const { start, end, kind } of highlight) {
    if (start > at) push(sql.slice(at, start), "");
    push(sql.slice(start, end), kind);
    at = end;
  }
  if (at < sql.length) push(sql.slice(at), "");
  lines.push(pieces.join(between));
  return lines;
}

/** The pieces of a packed line. */
export function unpack(packed: string): Piece[] {
  if (packed === "") return [];
  const parts = packed.split(between);
  const pieces: Piece[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    pieces.push({ kind: parts[at] ?? "", text: parts[at + 1] ?? "" });
  }
  return pieces;
}

/**
 * The lines of the newer text with those that are gone in their places. The comparison leaves the comment above the
 * statement out, which has the hash of the plan and so always differs.
 */
export function mergeChanges(load: RenderedLoad, changes: readonly SqlLine[] | undefined): ShownLine[] {
  const lines = linesOf(load);
  if (!changes) return numbered(lines.map((packed) => ({ packed, state: "same" })));
  const compared = changes.filter(({ kind }) => kind !== "removed").length;
  const head = Math.max(0, lines.length - compared);
  const shown: Omit<ShownLine, "key">[] = lines.slice(0, head).map((packed) => ({ packed, state: "same" }));
  let at = head;
  for (const { kind, text } of changes) {
    if (kind === "removed") {
      shown.push({ packed: text === "" ? "" : `${between}${text}`, state: "removed" });
    } else {
      shown.push({ packed: lines[at] ?? "", state: kind });
      at += 1;
    }
  }
  return numbered(shown);
}

/** How many lines came and went. */
export function countChanges(changes: readonly SqlLine[] | undefined): { added: number; removed: number } {
  const of = (wanted: SqlLine["kind"]) => (changes ?? []).filter(({ kind }) => kind === wanted).length;
  return { added: of("added"), removed: of("removed") };
}

/** Equal lines keep their key when others come and go, so that only what changed is drawn again. */
function numbered(lines: readonly Omit<ShownLine, "key">[]): ShownLine[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const name = `${line.state} ${line.packed}`;
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return { ...line, key: `${name} ${count}` };
  });
}
