/** Table names as people look for them: by catalog and schema. */

/** The tables of one schema. */
export interface TableGroup {
  /** `catalog.schema`, or less when the name has fewer parts; empty for a bare table name. */
  readonly schema: string;
  readonly tables: readonly Table[];
}

/** One table. */
export interface Table {
  /** The name as Databricks gave it. */
  readonly full: string;
  /** Its last part, without back quotes. */
  readonly name: string;
}

/**
 * Groups names by catalog and schema, in the order in which the space lists them. Dots inside back quotes
 * belong to a name. A name given twice is shown once.
 */
export function groupTables(names: readonly string[]): TableGroup[] {
  const groups = new Map<string, Table[]>();
  for (const full of new Set(names)) {
    const parts = splitName(full);
    const name = parts.at(-1) ?? full;
    const schema = parts.slice(0, -1).join(".");
    const table = { full, name };
    const group = groups.get(schema);
    if (group) group.push(table);
    else groups.set(schema, [table]);
  }
  return [...groups].map(([schema, tables]) => ({ schema, tables }));
}

/** The first `count` tables, groups kept, for a short view of a long list. */
export function firstTables(groups: readonly TableGroup[], count: number): TableGroup[] {
  const shown: TableGroup[] = [];
  let left = count;
  for (const group of groups) {
    if (left <= 0) break;
    shown.push({ ...group, tables: group.tables.slice(0, left) });
    left -= group.tables.length;
  }
  return shown;
}

/** Splits at dots outside back quotes. Inside them, a doubled back quote stands for one: Databricks' own rule. */
function splitName(name: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (let i = 0; i < name.length; i += 1) {
    const char = name.charAt(i);
    if (char === "`") {
      if (quoted && name.charAt(i + 1) === "`") {
        part += "`";
        i += 1;
      } else quoted = !quoted;
    } else if (char === "." && !quoted) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  parts.push(part);
  return quoted ? [name] : parts;
}
