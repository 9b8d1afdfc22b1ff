import { type FormEvent, memo, useCallback, useId, useMemo, useRef, useState } from "react";
import { editor } from "../../strings/editor";
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
  const held = valueAt(plan, path);
  const chosen = useMemo(() => textsAt(held, ""), [held]);
  const label = review.fields[name];
  const words = editor.list;
  const rest = useMemo(() => columns.filter((column) => !chosen.includes(column)), [columns, chosen]);

  const set = (value: readonly string[] | undefined) =>
    dispatch({ type: "edit", path, value, label: editor.tools.edited(label.toLowerCase()), at: Date.now() });
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
  const latest = useRef(remove);
  latest.current = remove;
  const onRemove = useCallback((column: string) => latest.current(column), []);

  return (
    <Field name={name} path={path} group>
      {(control) => (
        <>
          <Chips columns={chosen} label={label} onRemove={onRemove} />
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
            <Names id={listId} names={rest} />
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

interface ChipsProps {
  readonly columns: readonly string[];
  readonly label: string;
  readonly onRemove: (column: string) => void;
}

/** The columns of a list. A plan may have hundreds, and typing elsewhere must not draw them again. */
const Chips = memo(function Chips({ columns, label, onRemove }: ChipsProps) {
  if (columns.length === 0) return null;
  return (
    <ul className="chips">
      {columns.map((column) => (
        <li key={column} className="chip">
          <code>
            <SafeText text={column} />
          </code>
          <button
            type="button"
            className="chip-remove"
            aria-label={editor.list.remove(column, label)}
            onClick={() => onRemove(column)}
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
});

/** Names to choose from while typing. */
const Names = memo(function Names({ id, names }: { readonly id: string; readonly names: readonly string[] }) {
  return (
    <datalist id={id}>
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
});

/** One column, chosen or typed. */
export function ColumnField({ name, path }: Props) {
  const { plan, columns, dispatch } = useEditing();
  const listId = useId();
  const value = valueAt(plan, path);
  const label = editor.tools.edited(review.fields[name].toLowerCase());
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
          <Names id={listId} names={columns} />
        </>
      )}
    </Field>
  );
}
