/** What redaction takes out of a query, shown in the query as it was written. Pure. */

/** A piece of a query. */
export interface StruckPart {
  readonly text: string;
  readonly at: number;
  /** Whether it stays here. */
  readonly struck: boolean;
}

/**
 * The pieces of `before`, with those struck out that are not in `after`. Redaction replaces values by markers such as
 * `:str` and leaves the rest as it is, so the words between the markers are found one after the other. A query that does
 * not travel at all is struck out as a whole.
 */
export function struckOut(before: string, after: string): StruckPart[] {
  const words = tokens(before);
  const kept = tokens(after).filter(({ text, blank }) => !blank && !/^:[a-z]+$/.test(text));
  const parts: { text: string; at: number; struck: boolean }[] = [];
  let next = 0;
  for (const { text, at, blank } of words) {
    const struck = !blank && kept[next]?.text !== text;
    if (!blank && !struck) next += 1;
    const last = parts.at(-1);
    if (last && (blank || last.struck === struck)) last.text += text;
    else parts.push({ text, at, struck: blank ? false : struck });
  }
  // Where not every word that travels was found, no picture of it is right: what travels is then shown by itself.
  return next === kept.length
    ? parts
    : [
        { text: before, at: 0, struck: true },
        { text: ` ${after}`, at: before.length, struck: false },
      ];
}

interface Token {
  readonly text: string;
  readonly at: number;
  readonly blank: boolean;
}

/** Blanks, comments, quoted texts and names, markers, words and numbers, and single signs. */
function tokens(sql: string): Token[] {
  const pattern =
    /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`|:[a-z]+\b|[\w.]+|[\s\S]/g;
  return [...sql.matchAll(pattern)].map(([text], index, all) => ({
    text,
    at: all[index]?.index ?? 0,
    blank: /^\s+$/.test(text),
  }));
}
