/** What still stands between a plan and a decision, the first things first. Pure. */
import type { Finding, Plan } from "../api";
import { review } from "../strings/review";
import { labelOf } from "./digest";
import { isWithin, valueAt } from "./pointer";
import type { Open, Suggestion } from "./suggestion";

/** Something to settle. */
export interface Question {
  /** Where the answer goes: a JSON Pointer into the plan. */
  readonly path: string;
  readonly code: string;
  readonly text: string;
  readonly help: string;
  /**
   * `answer`: something is missing. `wrong`: something is there and cannot stay. `confirm`: the suggestion left it to a
   * person. `look`: a warning.
   */
  readonly kind: "answer" | "wrong" | "confirm" | "look";
}

/** Questions in the order in which they should be settled. `settled` are the codes and paths somebody has confirmed. */
export function questionsOf(
  plan: Plan,
  issues: readonly Finding[],
  suggestion: Suggestion | undefined,
  settled: readonly string[],
): Question[] {
  const errors = issues.filter(({ severity }) => severity === "error");
  const asked = (suggestion?.open ?? []).filter((open) => concerns(open, plan, suggestion));
  const questions: Question[] = [];
  const covered = new Set<Finding>();
  for (const { path, code, question } of asked) {
    const under = errors.filter((issue) => isWithin(issue.path, path));
    for (const issue of under) covered.add(issue);
    const [first] = under;
    if (first) {
      // A question of the suggestion's own says more than that something is missing.
      const text = isMissing(code) ? missingWords(path, question) : question;
      questions.push({ path: first.path, code, text, help: "", kind: kindOf(first) });
    } else if (isUntouched(plan, suggestion?.plan, path) && !settled.includes(settledKey({ path, code }))) {
      questions.push({ path, code, text: question, help: "", kind: "confirm" });
    }
  }
  for (const issue of errors.filter((issue) => !covered.has(issue))) {
    const { path, code, message, help } = issue;
    const kind = kindOf(issue);
    const text = kind === "answer" ? missingWords(path, message) : message;
    // Its field says what a missing value takes.
    questions.push({ path, code, text, help: kind === "answer" ? "" : help, kind });
  }
  for (const { path, code, message, help, severity } of issues) {
    if (severity === "warning") questions.push({ path, code, text: message, help, kind: "look" });
  }
  const order = ["answer", "wrong", "confirm", "look"];
  return questions.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function kindOf({ code }: Finding): "answer" | "wrong" {
  return isMissing(code) ? "answer" : "wrong";
}

function isMissing(code: string): boolean {
  return code === "plan_missing" || code === "plan_open";
}

/** What is missing, called as its field is. */
function missingWords(path: string, otherwise: string): string {
  const label = labelOf(path);
  return label === "" ? otherwise : review.questions.unknown(label);
}

/** The name under which a confirmed question is kept. */
export function settledKey({ path, code }: { readonly path: string; readonly code: string }): string {
  return `${code} ${path}`;
}

/** Questions about the configuration of another pattern are over when the pattern is. */
function concerns({ path }: Open, plan: Plan, suggestion: Suggestion | undefined): boolean {
  if (!isWithin(path, "/pattern_config") && path !== "/pattern/type" && path !== "/pattern") return true;
  return valueAt(plan, "/pattern/type") === valueAt(suggestion?.plan, "/pattern/type");
}

function isUntouched(plan: Plan, suggested: Plan | undefined, path: string): boolean {
  return JSON.stringify(valueAt(plan, path)) === JSON.stringify(valueAt(suggested, path));
}
