import { type FormEvent, useId, useRef, useState } from "react";
import { review } from "../../strings/review";
import { useAnnounce } from "../../ui/Announcer";
import { Icon } from "../../ui/Icon";
import { SafeText } from "../../ui/SafeText";
import { useEditing } from "../context";
import { textsAt, valueAt } from "../pointer";
import { Field, type FieldName } from "./Field";

interface Props {
  readonly name: FieldName;
  readonly path: string;
  /** An empty list means something else than none at all. */
  readonly emptyMeans?: boolean;
}

/** A list of columns in their order: taken out one by one, added by name, or all that are known at once. */
export function ColumnsField({ name, path, emptyMeans = false }: Props) {
  const { plan, columns, dispatch } = useEditing();
  const announce = useAnnounce();
  const listId = useId();
  const [adding, setAdding] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const chosen = textsAt(plan, path);
  const [label] = review.fields[name];
  const words = review.list;
  const rest = columns.filter((column) => !chosen.includes(column));

  const set = (value: readonly string[] | undefined) =>
    dispatch({ type: "edit", path, value, label: review.editor.edited(label.toLowerCase()), at: Date.now() });
  const add = (event?: FormEvent) => {
    event?.preventDefault();
    const column = adding.trim();
    input.current?.focus();
    if (column === "" || chosen.includes(column)) return;
    set([...chosen, column]);
    setAdding("");
    announce(words.added(column));
  };
  const remove = (column: string) => {
    const left = chosen.filter((other) => other !== column);
    set(left.length > 0 || emptyMeans ? left : undefined);
    announce(words.removed(column));
    input.current?.focus();
  };

  return (
    <Field name={name} path={path} group>
      {(control) => (
        <>
          {chosen.length > 0 && (
            <ul className="chips">
              {chosen.map((column) => (
                <li key={column} className="chip">
                  <code>
                    <SafeText text={column} />
                  </code>
                  <button
                    type="button"
                    className="chip-remove"
                    aria-label={words.remove(column, label)}
                    onClick={() => remove(column)}
                  >
                    <Icon name="close" size={14} />
                  </button>
                </li>
              ))}
            </ul>
          )}
          {emptyMeans && chosen.length === 0 && Array.isArray(valueAt(plan, path)) && (
            <p className="quiet">{words.empty}</p>
          )}
          <div className="row">
            <input
              {...control}
              ref={input}
              className="text-input mono narrow"
              type="text"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              dir="auto"
              list={listId}
              aria-label={words.addTo(label)}
              value={adding}
              onChange={({ target }) => setAdding(target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") add(event);
              }}
            />
            <datalist id={listId}>
              {rest.map((column) => (
                <option key={column} value={column} />
              ))}
            </datalist>
            <button type="button" className="button" aria-label={words.addTo(label)} onClick={() => add()}>
              {words.add}
            </button>
            {rest.length > 1 && (
              <button type="button" className="text-button" onClick={() => set([...chosen, ...rest])}>
                {words.all(columns.length)}
              </button>
            )}
            {Array.isArray(valueAt(plan, path)) && (
              <button type="button" className="text-button" onClick={() => set(undefined)}>
                {words.clear}
              </button>
            )}
          </div>
        </>
      )}
    </Field>
  );
}

/** One column, chosen or typed. */
export function ColumnField({ name, path }: Props) {
  const { plan, columns, dispatch } = useEditing();
  const listId = useId();
  const value = valueAt(plan, path);
  const label = review.editor.edited(review.fields[name][0].toLowerCase());
  return (
    <Field name={name} path={path}>
      {(control) => (
        <>
          <input
            {...control}
            className="text-input mono narrow"
            type="text"
            dir="auto"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            list={listId}
            value={typeof value === "string" ? value : ""}
            onChange={({ target }) =>
              dispatch({
                type: "edit",
                path,
                value: target.value === "" ? undefined : target.value,
                label,
                at: Date.now(),
              })
            }
          />
          <datalist id={listId}>
            {columns.map((column) => (
              <option key={column} value={column} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
