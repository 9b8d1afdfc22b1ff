import type { ReactNode } from "react";
import { editor } from "../../strings/editor";
import { type FieldName, review } from "../../strings/review";
import { controlId, useEditing } from "../context";
import { isWithin } from "../pointer";
import { FieldIssues } from "./FieldIssues";

export type { FieldName };

interface Props {
  readonly name: FieldName;
  readonly path: string;
  /** The control; it gets what ties it to its words. */
  readonly children: (control: {
    readonly id: string;
    readonly "aria-describedby"?: string;
    readonly "aria-invalid"?: true;
  }) => ReactNode;
  /** A group of controls has a legend instead of a label. */
  readonly group?: boolean;
}

/** A field with its label, what it takes, and what is wrong with it. */
export function Field({ name, path, children, group = false }: Props) {
  const { issues } = useEditing();
  const label = review.fields[name];
  const about = editor.about[name] ?? "";
  const id = controlId(path);
  const own = issues.filter((issue) => isWithin(issue.path, path));
  const wrong = own.some(({ severity }) => severity === "error");
  const described = [about !== "" ? `${id}-about` : "", own.length > 0 ? `${id}-issues` : ""]
    .filter((part) => part !== "")
    .join(" ");
  const control = children({
    id,
    ...(described !== "" && { "aria-describedby": described }),
    ...(wrong && { "aria-invalid": true as const }),
  });
  const words = (
    <>
      {about !== "" && (
        <p className="field-about quiet" id={`${id}-about`}>
          {about}
        </p>
      )}
      <FieldIssues issues={own} id={`${id}-issues`} />
    </>
  );
  if (group) {
    return (
      <fieldset className="plan-field" data-path={path}>
        <legend>{label}</legend>
        {control}
        {words}
      </fieldset>
    );
  }
  return (
    <div className="plan-field" data-path={path}>
      <label htmlFor={id}>{label}</label>
      {control}
      {words}
    </div>
  );
}
