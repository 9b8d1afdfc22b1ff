import type { HighlightSpan, SqlLine } from "../api/render";
import { planWords } from "../strings/plans";
import { splitHidden } from "./unsafeText";

interface Props {
  readonly sql: string;
  readonly highlight?: readonly HighlightSpan[];
  readonly label: string;
}

/** SQL to read: exactly the text, coloured. What cannot be seen in it is named. */
export function SqlText({ sql, highlight = [], label }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className="sheet-sql" aria-label={label} tabIndex={0}>
      <pre>
        <code>
          {pieces(sql, highlight).map(({ at, text, kind }) => (
            <span key={at} className={kind ? `sql-${kind}` : undefined}>
              <Visible text={text} />
            </span>
          ))}
        </code>
      </pre>
    </section>
  );
}

function Visible({ text }: { readonly text: string }) {
  const parts = splitHidden(text, true);
  if (parts.length === 1 && !parts[0]?.hidden) return text;
  return parts.map((part) =>
    part.hidden ? (
      <span key={part.at} className="hidden-char">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}

interface Piece {
  readonly at: number;
  readonly text: string;
  readonly kind?: string;
}

/** The text between and in the spans, whole, whatever the spans say. */
export function pieces(sql: string, highlight: readonly HighlightSpan[]): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const { start, end: to, kind } of highlight) {
    if (start < end || to <= start || to > sql.length) continue;
    if (start > end) found.push({ at: end, text: sql.slice(end, start) });
    found.push({ at: start, text: sql.slice(start, to), kind });
    end = to;
  }
  if (end < sql.length) found.push({ at: end, text: sql.slice(end) });
  return found;
}

/** Unchanged lines shown around a change. */
const around = 3;

/** Two loads, line by line. Long stretches without a change are left out and counted. */
export function SqlLines({ lines, label }: { readonly lines: readonly SqlLine[]; readonly label: string }) {
  const words = planWords.versions.line;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className="sheet-sql sql-diff" aria-label={label} tabIndex={0}>
      <pre>
        <code>
          {nearChanges(lines).map((line) =>
            line === undefined ? null : "gap" in line ? (
              <span key={`gap ${line.at}`} className="diff-gap">
                {"⋯\n"}
              </span>
            ) : (
              <span key={line.at} className={`diff-${line.kind}`}>
                {line.kind !== "same" && <span className="visually-hidden">{words[line.kind]} </span>}
                <span aria-hidden="true">
                  {line.kind === "added" ? "+ " : line.kind === "removed" ? "- " : "  "}
                </span>
                <Visible text={`${line.text}\n`} />
              </span>
            ),
          )}
        </code>
      </pre>
    </section>
  );
}

type Shown = (SqlLine & { readonly at: number }) | { readonly gap: true; readonly at: number };

export function nearChanges(lines: readonly SqlLine[]): Shown[] {
  const near = new Set<number>();
  lines.forEach((line, at) => {
    if (line.kind === "same") return;
    for (let i = at - around; i <= at + around; i += 1) near.add(i);
  });
  const shown: Shown[] = [];
  lines.forEach((line, at) => {
    if (near.has(at)) shown.push({ ...line, at });
    else if (!shown.at(-1) || !("gap" in (shown.at(-1) ?? {}))) shown.push({ gap: true, at });
  });
  return shown;
}
