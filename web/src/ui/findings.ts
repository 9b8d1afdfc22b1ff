import type { Finding } from "../api";

/** Findings that say the same about several places. */
export interface FindingGroup {
  readonly severity: Finding["severity"];
  readonly code: string;
  readonly message: string;
  readonly help: string;
  /** JSON Pointers, in order. */
  readonly paths: readonly string[];
}

const order: readonly Finding["severity"][] = ["error", "warning", "info"];

/** Same words once, the worst first, else in the order in which they were found. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup & { paths: string[] }>();
  for (const { severity, code, message, help, path } of findings) {
    const key = JSON.stringify([severity, code, message, help]);
    const group = groups.get(key) ?? { severity, code, message, help, paths: [] };
    if (!group.paths.includes(path)) group.paths.push(path);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** The text that a JSON Pointer points to, if it is short enough to name a place with. */
export function placeName(document: unknown, pointer: string): string | undefined {
  let at: unknown = document;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === "string" && at !== "" && at.length <= 800 ? at : undefined;
}
