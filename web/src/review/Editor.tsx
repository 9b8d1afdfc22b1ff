import { type ReactNode, useCallback, useEffect, useState } from "react";
import { strings } from "../strings";
import { review } from "../strings/review";
import { SafeText } from "../ui/SafeText";
import { controlId, useEditing } from "./context";
import { digestOf, type GroupName, groupPaths } from "./digest";
import { FieldIssues } from "./fields/FieldIssues";
import { isWithin } from "./pointer";
import { useSecondModule } from "./second";

type Fields = typeof import("./EditorFields");

/** A function of its own: Vite takes a `then` that follows `import()` for a part of it, and loses failures of the styles. */
export const loadFields = () => import("./EditorFields");

/** Every part of the plan. A group that is closed says in a line what is in it. */
export function Editor() {
  const [fields, load] = useFields();
  return (
    <div className="plan-groups" data-testid="plan-groups" data-fields={fields.kind}>
      {(Object.keys(groupPaths) as GroupName[]).map((name) => (
        <Group key={name} name={name}>
          {fields.kind === "there" && <fields.module.EditorFields group={name} />}
          {fields.kind === "failed" && (
            <p className="row field-error" role="alert">
              {review.editor.noFields}
              <button type="button" className="button" onClick={load}>
                {strings.common.retry}
              </button>
            </p>
          )}
        </Group>
      ))}
    </div>
  );
}

type Loading = { readonly kind: "loading" | "failed" } | { readonly kind: "there"; readonly module: Fields };

/** The fields, loaded once the page stands: also while nobody edits, so that they are there without a network. */
function useFields(): [Loading, () => void] {
  const [state, setState] = useState<Loading>({ kind: "loading" });
  const load = useCallback(() => {
    setState({ kind: "loading" });
    loadFields().then(
      (module) => setState({ kind: "there", module }),
      () => setState({ kind: "failed" }),
    );
  }, []);
  useEffect(load, [load]);
  return [state, load];
}

/** A part of the plan: a line to read, and the fields behind it. */
function Group({ name, children }: { readonly name: GroupName; readonly children: ReactNode }) {
  const { plan, issues } = useEditing();
  // A schedule gets its words when they can be had.
  useSecondModule();
  const paths = groupPaths[name];
  const own = issues.filter(({ path }) => paths.some((part) => isWithin(path, part)));
  const errors = own.filter(({ severity }) => severity === "error").length;
  // What is wrong with the part as a whole has no field of its own.
  const whole = own.filter(({ path }) => paths.includes(path));
  return (
    <details className="plan-group" data-group={name} data-testid={`group-${name}`}>
      <summary id={controlId(paths[0] ?? "")}>
        <span className="strong">{review.groups[name]}</span>
        <span className="plan-digest quiet">
          <SafeText text={digestOf(name, plan)} />
        </span>
        {errors > 0 && <span className="problem-count">{review.editor.problems(errors)}</span>}
      </summary>
      <div className="plan-fields">
        <FieldIssues issues={whole} id={`${controlId(paths[0] ?? "")}-whole`} />
        {children}
      </div>
    </details>
  );
}
