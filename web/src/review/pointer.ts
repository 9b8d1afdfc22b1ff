/** JSON Pointers into a plan (RFC 6901): reading and changing a value without touching the rest. Pure. */

const steps = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** One step of a pointer from any key. */
export function step(key: string | number): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The value at a pointer; `undefined` where there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  let at: unknown = document;
  for (const key of steps(pointer)) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/**
 * The document with another value at a pointer; `undefined` takes the key out, and an optional part that is then empty
 * with it. Objects on the way are made. Gives the same document when nothing changes.
 */
export function withValue<T extends object>(document: T, pointer: string, value: unknown): T {
  return put(document, steps(pointer), value, 0) as T;
}

/** Parts of a plan that may be absent: an empty one says nothing. */
const optional: ReadonlySet<string> = new Set(["schedule", "validation_rules", "tags", "time_bucket"]);

function put(at: unknown, [key, ...rest]: readonly string[], value: unknown, depth: number): unknown {
  if (key === undefined) return value;
  if (Array.isArray(at)) {
    const index = Number(key);
    if (value === undefined && rest.length === 0) return at.filter((_, n) => n !== index);
    return at.map((item, n) => (n === index ? put(item, rest, value, depth + 1) : item));
  }
  const object = (typeof at === "object" && at !== null ? at : {}) as Record<string, unknown>;
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  const after = put(before, rest, value, depth + 1);
  if (after === before && (after !== undefined || !Object.hasOwn(object, key))) return at ?? object;
  const gone = after === undefined || (rest.length > 0 && optional.has(key) && isEmpty(after));
  if (!gone) return { ...object, [key]: after };
  const { [key]: _, ...others } = object;
  return others;
}

function isEmpty(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

/** Whether `inner` points to the same place as `outer`, or into it. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** The texts of a list; anything else in it is left out. */
export function textsAt(document: unknown, pointer: string): string[] {
  const value = valueAt(document, pointer);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The text at a pointer; empty where there is none. */
export function textAt(document: unknown, pointer: string): string {
  const value = valueAt(document, pointer);
  return typeof value === "string" ? value : "";
}

/** `catalog.schema.table` of a part of a plan, with what is known of it. */
export function tableAt(document: unknown, part: "/source" | "/target"): string {
  const names = ["catalog", "schema", "table"].map((key) => textAt(document, `${part}/${key}`));
  return names.every((name) => name === "") ? "" : names.map((name) => name || "…").join(".");
}
