/** Permissions in the order in which somebody repairs them. Pure. */
import type { PermissionCheck } from "../api";
import { checkWords } from "../strings/checks";

/** What is about one table, schema or warehouse. */
export interface CheckGroup {
  /** Empty like `name` for what is about nothing by name. */
  readonly kind: string;
  readonly name: string;
  readonly items: readonly PermissionCheck[];
}

const order = { missing: 0, not_checked: 1, ok: 2 } as const;

/** Groups with something missing first, and in each group what is missing first; otherwise as they came. */
export function groupBySecurable(checks: readonly PermissionCheck[]): CheckGroup[] {
  const groups = new Map<string, CheckGroup & { items: PermissionCheck[] }>();
  const sorted = [...checks].sort((a, b) => order[a.state] - order[b.state]);
  for (const check of sorted) {
    const { kind = "", name = "" } = check.securable ?? {};
    const key = JSON.stringify([kind, name]);
    const group = groups.get(key) ?? { kind, name, items: [] };
    group.items.push(check);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What a check is called within its group. */
export function byName({ privilege, what }: PermissionCheck): string {
  return privilege ?? checkWords.what.get(what) ?? what;
}

/** Each statement that would give something that is not given, once. */
export function grantsOf(checks: readonly PermissionCheck[]): string[] {
  const grants = checks.filter(({ state }) => state !== "ok").flatMap(({ grant }) => grant ?? []);
  return [...new Set(grants)];
}
