/** What the page shows of a context, worked out without React. A context comes from strangers: nothing in it is certain. */
import type { Finding, HandoffContext } from "../api";
import type { OpenHandoff } from "./state";

/** A column as the page shows it. */
export interface Column {
  readonly name: string;
  readonly type?: string;
  readonly key: boolean;
}

/** A table as the page shows it; no columns: they are not known. */
export interface TableView {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** The tables, then those that only have columns; each once. */
export function tablesOf(context: HandoffContext): TableView[] {
  const names = new Set([...context.validated_tables, ...Object.keys(context.validated_columns)]);
  return [...names].map((name) => {
    const types = own(context.column_types, name);
    const keys = own(context.keys, name);
    const columns = own(context.validated_columns, name);
    return {
      name,
      columns: (Array.isArray(columns) ? columns : []).map((column) => {
        const type = own(types, column);
        return {
          name: column,
          ...(typeof type === "string" && { type }),
          key: Array.isArray(keys) && keys.includes(column),
        };
      }),
    };
  });
}

/** A member that is the object's own: a table may be called "constructor". */
function own(object: unknown, key: string): unknown {
  if (typeof object !== "object" || object === null || !Object.hasOwn(object, key)) return undefined;
  return (object as Record<string, unknown>)[key];
}

/** Everything found about a link, each thing once: readiness, what decoding found, and what looks like personal data. */
export function findingsOf({ inspection, decoded }: OpenHandoff): Finding[] {
  const all = [...inspection.readiness.issues, ...decoded.warnings, ...inspection.removed.warnings];
  const seen = new Set<string>();
  return all.filter(({ code, path, message }) => {
    const key = JSON.stringify([code, path, message]);
    return !seen.has(key) && seen.add(key);
  });
}

const known: ReadonlySet<string> = new Set([
  "genie_session_id",
  "space_id",
  "validated_tables",
  "validated_columns",
  "user_intent",
  "exploration_summary",
  "exploration_queries",
  "created_at",
  "warehouse_id",
  "column_types",
  "keys",
  "target_table",
  "pattern_hints",
]);

/** Keys that this version does not know. */
export function otherKeys(context: HandoffContext): string[] {
  return Object.keys(context).filter((key) => !known.has(key));
}
