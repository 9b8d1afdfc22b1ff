import { editor } from "../../strings/editor";
import { review } from "../../strings/review";
import { useEditing } from "../context";
import { valueAt } from "../pointer";
import { Field, type FieldName } from "./Field";

interface Props {
  readonly name: FieldName;
  readonly path: string;
}

/** What the plan has at a path, as a text to edit. A number stays one when it is edited. */
function shown(value: unknown): string {
  return typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
}

function useEdit(name: FieldName) {
  const { plan, dispatch } = useEditing();
  const label = editor.tools.edited(review.fields[name].toLowerCase());
  const edit = (path: string, value: unknown) =>
    dispatch({ type: "edit", path, value, label, at: Date.now() });
  return { plan, edit };
}

/** One line of text; empty takes the key out of the plan. */
export function TextField({
  name,
  path,
  code = false,
  list,
}: Props & { readonly code?: boolean; readonly list?: string }) {
  const { plan, edit } = useEdit(name);
  return (
    <Field name={name} path={path}>
      {(control) => (
        <input
          {...control}
          className={code ? "text-input mono" : "text-input"}
          type="text"
          dir="auto"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={!code}
          list={list}
          value={shown(valueAt(plan, path))}
          onChange={({ target }) => edit(path, target.value === "" ? undefined : target.value)}
        />
      )}
    </Field>
  );
}

/** Several lines of text. */
export function AreaField({ name, path, code = false }: Props & { readonly code?: boolean }) {
  const { plan, edit } = useEdit(name);
  const value = shown(valueAt(plan, path));
  return (
    <Field name={name} path={path}>
      {(control) => (
        <textarea
          {...control}
          className={code ? "text-input mono" : "text-input"}
          dir="auto"
          rows={Math.min(8, Math.max(2, value.split("\n").length))}
          spellCheck={!code}
          value={value}
          onChange={({ target }) => edit(path, target.value === "" ? undefined : target.value)}
        />
      )}
    </Field>
  );
}

/** A whole number. What is no number stays as it was typed, and validation says so. */
export function NumberField({ name, path }: Props) {
  const { plan, edit } = useEdit(name);
  return (
    <Field name={name} path={path}>
      {(control) => (
        <input
          {...control}
          className="text-input narrow"
          type="text"
          inputMode="numeric"
          autoComplete="off"
          value={shown(valueAt(plan, path))}
          onChange={({ target }) => {
            const text = target.value.trim();
            const whole = /^\d{1,15}$/.test(text);
            edit(path, text === "" ? undefined : whole ? Number(text) : text);
          }}
        />
      )}
    </Field>
  );
}

interface ChoiceProps extends Props {
  readonly options: readonly string[];
  /** What holds while nothing is set; without one a choice has to be made. */
  readonly fallback?: string;
}

/** One of a few values. A value that is none of them is shown as it is. */
export function ChoiceField({ name, path, options, fallback }: ChoiceProps) {
  const { plan, edit } = useEdit(name);
  const value = shown(valueAt(plan, path));
  const word = (option: string) => editor.choices.values.get(option) ?? option;
  return (
    <Field name={name} path={path}>
      {(control) => (
        <select
          {...control}
          className="text-input narrow"
          value={value}
          onChange={({ target }) => edit(path, target.value === "" ? undefined : target.value)}
        >
          {(fallback !== undefined || value === "") && (
            <option value="">
              {fallback === undefined ? editor.choices.choose : editor.choices.unset(word(fallback))}
            </option>
          )}
          {options.map((option) => (
            <option key={option} value={option}>
              {word(option)}
            </option>
          ))}
          {value !== "" && !options.includes(value) && <option value={value}>{value}</option>}
        </select>
      )}
    </Field>
  );
}

/** Yes or no, with what holds while nothing is set. */
export function FlagField({ name, path, fallback }: Props & { readonly fallback: boolean }) {
  const { plan, edit } = useEdit(name);
  const value = valueAt(plan, path);
  return (
    <Field name={name} path={path}>
      {(control) => (
        <input
          {...control}
          className="flag"
          type="checkbox"
          checked={typeof value === "boolean" ? value : fallback}
          onChange={({ target }) => edit(path, target.checked)}
        />
      )}
    </Field>
  );
}
