/** Characters in a text from elsewhere that a reader would not see, or that would reorder what the reader sees. */

/** A piece of a text: shown as it is, or as the name of a character. */
export interface TextPart {
  readonly text: string;
  /** Where the piece starts in the whole text, in UTF-16 units. */
  readonly at: number;
  /** Whether `text` is the name of a character, like "U+202E". */
  readonly hidden: boolean;
}

/**
 * Control characters, bidirectional marks and overrides (Unicode Bidi_Control), invisible spaces and operators, tag
 * characters, and halves of a surrogate pair.
 */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;
/** Joiners have work to do in Persian, in Indic scripts and in emoji, but none beside a Latin letter. */
const joiners = /(?<=[\u0020-\u007e])[\u200c\u200d]|[\u200c\u200d](?=[\u0020-\u007e])/gu;

/** Splits a text at such characters. Line breaks and tabs are text where `lines` is set. */
export function splitHidden(text: string, lines = false): TextPart[] {
  const found = [...text.matchAll(hidden), ...text.matchAll(joiners)]
    .filter(([char]) => !(lines && (char === "\n" || char === "\t" || char === "\r")))
    .sort((a, b) => a.index - b.index);
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of found) {
    const [char] = match;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), at: end, hidden: false });
    parts.push({ text: nameOf(char), at: match.index, hidden: true });
    end = match.index + char.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), at: end, hidden: false });
  return parts;
}

/** Whether a text has such a character; line breaks and tabs are none. Quick for the texts that are most. */
export function hasHidden(text: string): boolean {
  return /[^\n\u0020-\u007e]/.test(text) && splitHidden(text, true).some((part) => part.hidden);
}

/** The text with such characters named, for places that take nothing but text. */
export function visibleText(text: string): string {
  return splitHidden(text)
    .map((part) => part.text)
    .join("");
}

function nameOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
