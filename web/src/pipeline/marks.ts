import type { Finding } from "../api";

/** A piece of a text, with the findings that are about it. */
export interface MarkedPart {
  readonly text: string;
  readonly at: number;
  readonly marked: boolean;
}

/** Where findings lie in a text, in order; findings about the whole of it mark nothing. */
export function markText(text: string, findings: readonly Finding[]): MarkedPart[] {
  const spans = findings
    .flatMap(({ span }) => (span ? [span] : []))
    .filter(({ start, end }) => start >= 0 && start < end && end <= text.length)
    .sort((a, b) => a.start - b.start);
  const parts: MarkedPart[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    if (from > at) parts.push({ text: text.slice(at, from), at, marked: false });
    parts.push({ text: text.slice(from, end), at: from, marked: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), at, marked: false });
  return parts;
}
