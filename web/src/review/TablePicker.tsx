import { useId } from "react";
import { editor } from "../strings/editor";
import { review } from "../strings/review";
import { visibleText } from "../ui/unsafeText";
import { useEditing } from "./context";
import { TextField } from "./fields/simple";
import { tableAt } from "./pointer";
import { tableParts } from "./suggestion";

/** The three names of a table, and the tables of the handoff to choose from in one step. */
export function TablePicker({ part }: { readonly part: "/source" | "/target" }) {
  const { plan, tables, dispatch } = useEditing();
  const id = useId();
  const names = [...tables.keys()].filter((name) => tableParts(name).table !== undefined);
  const current = tableAt(plan, part);
  const label = review.fields.linked;

  const choose = (name: string) => {
    const { catalog, schema, table } = tableParts(name);
    const columns = tables.get(name) ?? [];
    dispatch({
      type: "edits",
      changes: [
        [`${part}/catalog`, catalog],
        [`${part}/schema`, schema],
        [`${part}/table`, table],
        // Columns of another table would all be wrong.
        ...(part === "/source"
          ? ([["/source/columns", columns.length > 0 ? columns : undefined]] as const)
          : []),
      ],
      label: editor.tools.edited(part === "/source" ? "source" : "target"),
    });
  };

  return (
    <>
      {names.length > 0 && (
        <div className="plan-field">
          <label htmlFor={id}>{label}</label>
          <select
            id={id}
            className="text-input"
            value={names.includes(current) ? current : ""}
            onChange={({ target }) => target.value !== "" && choose(target.value)}
          >
            {!names.includes(current) && <option value="">{editor.choices.choose}</option>}
            {names.map((name) => (
              <option key={name} value={name}>
                {visibleText(name)}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="table-names">
        <TextField name="catalog" path={`${part}/catalog`} code />
        <TextField name="schema" path={`${part}/schema`} code />
        <TextField name="table" path={`${part}/table`} code />
      </div>
    </>
  );
}
