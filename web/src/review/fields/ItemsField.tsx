import { useId } from "react";
import { editor } from "../../strings/editor";
import { review } from "../../strings/review";
import { Icon } from "../../ui/Icon";
import { controlId, useEditing } from "../context";
import { step, valueAt } from "../pointer";
import { Field, type FieldName } from "./Field";

/** A part of an item: a column or a choice. */
export interface Part {
  readonly key: string;
  readonly label: string;
  readonly options?: readonly string[];
  readonly columns?: boolean;
}

interface Props {
  readonly name: FieldName;
  readonly path: string;
  readonly parts: readonly Part[];
  /** What a new item holds. */
  readonly fresh: Readonly<Record<string, string>>;
}

/** A list of small objects, such as an order or aggregates: a row of controls for each. */
export function ItemsField({ name, path, parts, fresh }: Props) {
  const { plan, dispatch } = useEditing();
  const label = review.fields[name];
  const words = editor.list;
  const value = valueAt(plan, path);
  const items: unknown[] = Array.isArray(value) ? value : [];
  const step_ = editor.tools.edited(label.toLowerCase());
  const set = (at: string, next: unknown) =>
    dispatch({ type: "edit", path: at, value: next, label: step_, at: Date.now() });

  return (
    <Field name={name} path={path} group>
      {(control) => (
        <>
          <ol className="plan-items">
            {items.map((_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: items have no names, and their order is what they mean
              <li key={index} className="row">
                {parts.map((part) => (
                  <ItemPart
                    key={part.key}
                    part={part}
                    path={`${path}${step(index)}${step(part.key)}`}
                    label={`${words.item(label, index + 1)}: ${part.label}`}
                    onChange={set}
                  />
                ))}
                <button
                  type="button"
                  className="icon-button small"
                  aria-label={words.removeItem(label, index + 1)}
                  title={words.removeItem(label, index + 1)}
                  onClick={() => {
                    const left = items.filter((__, other) => other !== index);
                    set(path, left.length > 0 ? left : undefined);
                  }}
                >
                  <Icon name="close" size={16} />
                </button>
              </li>
            ))}
          </ol>
          <button
            id={control.id}
            aria-describedby={control["aria-describedby"]}
            type="button"
            className="button"
            aria-label={words.addTo(label)}
            onClick={() => set(path, [...items, { ...fresh }])}
          >
            <Icon name="plus" size={16} />
            {words.add}
          </button>
        </>
      )}
    </Field>
  );
}

interface PartProps {
  readonly part: Part;
  readonly path: string;
  readonly label: string;
  readonly onChange: (path: string, value: unknown) => void;
}

/** One control of an item. */
export function ItemPart({ part, path, label, onChange }: PartProps) {
  const { plan, columns } = useEditing();
  const listId = useId();
  const value = valueAt(plan, path);
  const text = typeof value === "string" ? value : "";
  const change = (next: string) => onChange(path, next === "" ? undefined : next);
  if (part.options) {
    return (
      <select
        id={controlId(path)}
        className="text-input part"
        aria-label={label}
        value={text}
        onChange={({ target }) => change(target.value)}
      >
        {text === "" && <option value="">{editor.choices.choose}</option>}
        {part.options.map((option) => (
          <option key={option} value={option}>
            {editor.choices.values.get(option) ?? option}
          </option>
        ))}
      </select>
    );
  }
  return (
    <>
      <input
        id={controlId(path)}
        className="text-input mono part"
        type="text"
        dir="auto"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-label={label}
        placeholder={part.label}
        list={part.columns ? listId : undefined}
        value={text}
        onChange={({ target }) => change(target.value)}
      />
      {part.columns && (
        <datalist id={listId}>
          {columns.map((column) => (
            <option key={column} value={column} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** Names with values, such as tags. */
export function PairsField({ name, path }: { readonly name: FieldName; readonly path: string }) {
  const { plan, dispatch } = useEditing();
  const label = review.fields[name];
  const words = editor.list;
  const value = valueAt(plan, path);
  const pairs = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const set = (next: readonly (readonly [string, unknown])[], typing: boolean) =>
    dispatch({
      type: "edit",
      path,
      value: next.length > 0 ? Object.fromEntries(next) : undefined,
      label: editor.tools.edited(label.toLowerCase()),
      at: Date.now(),
      typing,
    });
  return (
    <Field name={name} path={path} group>
      {(control) => (
        <>
          <ul className="plan-items">
            {pairs.map(([key, held], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a name that is being typed must not lose its field
              <li key={index} className="row">
                <input
                  className="text-input mono part"
                  type="text"
                  dir="auto"
                  aria-label={`${words.item(label, index + 1)}: ${words.key}`}
                  value={key}
                  onChange={({ target }) =>
                    set(
                      pairs.map((pair, at) => (at === index ? [target.value, held] : pair)),
                      true,
                    )
                  }
                />
                <input
                  className="text-input part"
                  type="text"
                  dir="auto"
                  aria-label={`${words.item(label, index + 1)}: ${words.value}`}
                  value={typeof held === "string" ? held : JSON.stringify(held)}
                  onChange={({ target }) =>
                    set(
                      pairs.map((pair, at) => (at === index ? [key, target.value] : pair)),
                      true,
                    )
                  }
                />
                <button
                  type="button"
                  className="icon-button small"
                  aria-label={words.removeItem(label, index + 1)}
                  title={words.removeItem(label, index + 1)}
                  onClick={() =>
                    set(
                      pairs.filter((_, at) => at !== index),
                      false,
                    )
                  }
                >
                  <Icon name="close" size={16} />
                </button>
              </li>
            ))}
          </ul>
          <button
            id={control.id}
            aria-describedby={control["aria-describedby"]}
            type="button"
            className="button"
            aria-label={words.addTo(label)}
            onClick={() => set([...pairs, [fresh(pairs), ""]], false)}
          >
            <Icon name="plus" size={16} />
            {words.add}
          </button>
        </>
      )}
    </Field>
  );
}

/** A name that is not taken yet. */
function fresh(pairs: readonly (readonly [string, unknown])[]): string {
  for (let at = pairs.length + 1; ; at += 1) {
    const name = `name_${at}`;
    if (!pairs.some(([taken]) => taken === name)) return name;
  }
}
