import { useState } from "react";
import type { HandoffContext } from "../api";
import { strings } from "../strings";
import { linkWords } from "../strings/link";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { tablesOf } from "./summary";

/** More than so many start folded. */
const foldTables = 12;
const foldColumns = 24;

/** The tables with their columns. */
export function Tables({ context }: { readonly context: HandoffContext }) {
  const words = linkWords;
  const [all, setAll] = useState(false);
  const tables = tablesOf(context);
  const shown = all ? tables : tables.slice(0, foldTables);
  return (
    <section className="card" data-testid="tables">
      <div className="card-head">
        <h2>{words.tables(tables.length)}</h2>
        {tables.length > 1 && (
          <CopyButton text={tables.map(({ name }) => name).join("\n")} label={strings.common.copyAllTables} />
        )}
      </div>
      {tables.length === 0 && <p className="quiet">{words.noTables}</p>}
      <ul className="sheet-tables">
        {shown.map((table) => (
          <li key={table.name} data-testid="table">
            <p className="sheet-table">
              <Icon name="table" size={16} />
              <code>
                <SafeText text={table.name} />
              </code>
              <span className="quiet">
                {table.columns.length > 0 ? words.columns(table.columns.length) : words.noColumns}
              </span>
            </p>
            <Columns columns={table.columns} />
          </li>
        ))}
      </ul>
      {tables.length > shown.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          {words.showAll(tables.length)}
        </button>
      )}
    </section>
  );
}

function Columns({ columns }: { readonly columns: ReturnType<typeof tablesOf>[number]["columns"] }) {
  const words = linkWords;
  const [all, setAll] = useState(false);
  if (columns.length === 0) return null;
  const shown = all ? columns : columns.slice(0, foldColumns);
  return (
    <ul className="sheet-columns">
      {shown.map(({ name, type, key }) => (
        <li key={name}>
          <code>
            <SafeText text={name} />
          </code>
          {type && (
            <span className="quiet">
              <SafeText text={type} />
            </span>
          )}
          {key && <span className="tag">{words.primaryKey}</span>}
        </li>
      ))}
      {columns.length > shown.length && (
        <li className="more">
          <button type="button" className="text-button" onClick={() => setAll(true)}>
            {words.showAll(columns.length)}
          </button>
        </li>
      )}
    </ul>
  );
}
