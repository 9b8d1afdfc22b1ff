/**
 * JSON as text. Answers of the wasm are printed without going through JavaScript values, which round large integers
 * and put keys that look like numbers first.
 */

/** End of the token that starts at `from`: the index behind it. */
function tokenEnd(json: string, from: number): number {
  if (json[from] !== '"') {
    let end = from + 1;
    if ("{}[]:,".includes(json.charAt(from))) return end;
    while (end < json.length && !"{}[]:, \t\r\n".includes(json.charAt(end))) end += 1;
    return end;
  }
  for (let quote = json.indexOf('"', from + 1); quote > 0; quote = json.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (json[before] === "\\") before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return json.length;
}

function* tokens(json: string): Generator<{ text: string; start: number }> {
  for (let at = 0; at < json.length; ) {
    if (" \t\r\n".includes(json.charAt(at))) {
      at += 1;
      continue;
    }
    const end = tokenEnd(json, at);
    yield { text: json.slice(at, end), start: at };
    at = end;
  }
}

/** Indented by two, one member or item a line. The value is the same. */
export function indented(json: string): string {
  const out: string[] = [];
  let depth = 0;
  let previous = "";
  const line = () => out.push("\n", "  ".repeat(depth));
  for (const { text } of tokens(json)) {
    const opens = previous === "{" || previous === "[";
    if (text === "}" || text === "]") {
      depth -= 1;
      if (!opens) line();
    } else if (opens || previous === ",") {
      line();
    }
    if (text === "{" || text === "[") depth += 1;
    out.push(text === ":" ? ": " : text.startsWith('"') ? harmless(text) : text);
    previous = text;
  }
  return out.join("");
}

/** The text of one member of an object; empty if there is none. */
export function memberOf(json: string, name: string): string {
  const key = JSON.stringify(name);
  let depth = 0;
  let previous = "";
  let start = -1;
  for (const token of tokens(json)) {
    const { text } = token;
    if (start < 0 && depth === 1 && text === ":" && previous === key) start = token.start + 1;
    if (text === "{" || text === "[") depth += 1;
    if (text === "}" || text === "]") depth -= 1;
    if (start >= 0 && ((depth === 1 && text === ",") || depth === 0)) return json.slice(start, token.start);
    previous = text;
  }
  return "";
}

// C1 controls start terminal sequences; direction marks make a text look like another.
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A JSON string that no terminal takes for a command: the same value, with escapes. */
function harmless(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A text out of somebody's input on one line of a terminal, with nothing in it that the terminal would obey. */
export function visible(text: string): string {
  const escapes = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("\\\\", "\\");
  return harmless(escapes);
}
