/** What changed between two texts of SQL. Nobody compares before a page has long been there: it is in the second module. */
import { checkSql } from "./plans.js";
import { callSuggest } from "./suggest.js";

/** A line of two texts of SQL that were compared. */
export interface SqlLine {
  /** In which of the texts it is. */
  kind: "same" | "removed" | "added";
  /** The line without its end. */
  text: string;
}

/**
 * The lines of two SQL texts, without the comment above them, which names version and hash and so always differs. In the
 * second module: needs `await initSuggest()` before.
 *
 * @throws {HandoffError} `not_initialised` before `initSuggest()`.
 */
export function compareSql(before: string, after: string): SqlLine[] {
  checkSql(before, "before");
  checkSql(after, "after");
  const [oldHead = 0, newHead = 0, ...runs] = callSuggest((wasm) => wasm.compareSql(before, after));
  const [old, fresh] = [linesOf(before, oldHead), linesOf(after, newHead)];
  const lines: SqlLine[] = [];
  let [oldAt, newAt] = [0, 0];
  for (let at = 0; at < runs.length; at += 2) {
    const kind = lineKinds[runs[at] ?? 0] ?? "same";
    const count = runs[at + 1] ?? 0;
    const from = kind === "removed" ? old.slice(oldAt, oldAt + count) : fresh.slice(newAt, newAt + count);
    for (const text of from) lines.push({ kind, text });
    if (kind !== "added") oldAt += count;
    if (kind !== "removed") newAt += count;
  }
  return lines;
}

const lineKinds = ["same", "removed", "added"] as const;

/** Lines as wasm counts them, without their ends, from line `head` on. */
function linesOf(text: string, head: number): string[] {
  return text.split(/\r?\n/).slice(head);
}
