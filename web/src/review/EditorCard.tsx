/** The plan, part by part, with the fields behind each. A chunk of its own: a plan is read without it. */
import "../styles/editor.css";
import type { Dispatch, ReactNode } from "react";
import { editor } from "../strings/editor";
import { review } from "../strings/review";
import { SafeText } from "../ui/SafeText";
import { controlId, type Editing, EditingContext, useEditing } from "./context";
import { type GroupName, groupPaths } from "./digest";
import { EditorFields } from "./EditorFields";
import { EditorTools } from "./EditorTools";
import { FieldIssues } from "./fields/FieldIssues";
import { digestOf } from "./groupDigest";
import { isWithin } from "./pointer";
import { useSecondModule } from "./second";
import type { ReviewAction, ReviewState } from "./state";
import type { Suggestion } from "./suggestion";
import { useUndoKeys } from "./useUndoKeys";

export interface EditorProps {
  readonly state: ReviewState;
  readonly suggestion: Suggestion;
  /** Whether this browser keeps the draft. */
  readonly kept: boolean;
  readonly dispatch: Dispatch<ReviewAction>;
  readonly editing: Editing;
}

/** Every part of the plan. A part that is closed says in a line what is in it. */
export function EditorCard({ state, suggestion, kept, dispatch, editing }: EditorProps) {
  useUndoKeys(state, dispatch);
  return (
    <>
      <EditorTools state={state} suggestion={suggestion} kept={kept} dispatch={dispatch} />
      <EditingContext value={editing}>
        <div className="plan-groups" data-testid="plan-groups">
          {(Object.keys(groupPaths) as GroupName[]).map((name) => (
            <Group key={name} name={name}>
              <EditorFields group={name} />
            </Group>
          ))}
        </div>
      </EditingContext>
    </>
  );
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
        {errors > 0 && <span className="problem-count">{editor.tools.problems(errors)}</span>}
      </summary>
      <div className="plan-fields">
        <FieldIssues issues={whole} id={`${controlId(paths[0] ?? "")}-whole`} />
        {children}
      </div>
    </details>
  );
}
