/** The state of a review: the plan with its undo steps, what was suggested and saved, and what goes on. Pure. */
import type { HandoffError, PatternType, Plan } from "../api";
import { amend, commit, type History, redo, startHistory, undo } from "../canvas/history";
import { switchPattern, versioned } from "./patterns";
import { textAt, withValue } from "./pointer";
import { settledKey } from "./questions";
import type { Deployment, PlanRecord, Preview, Run } from "./server";
import type { Suggestion } from "./suggestion";

/** What happens between the page and its server. One thing at a time, so that nobody deploys what is being saved. */
export type Work =
  | { readonly kind: "none" }
  | { readonly kind: "saving" | "deploying" | "counting" | "starting"; readonly since: number }
  | { readonly kind: "failed"; readonly what: WorkName; readonly error: HandoffError };
export type WorkName = "saving" | "deploying" | "counting" | "starting";

/** A plan as the server keeps it. */
export interface Saved {
  readonly record: PlanRecord;
  readonly etag: string;
}

export interface ReviewState {
  readonly history: History<Plan>;
  readonly suggestion: Suggestion;
  /** Questions that somebody has confirmed, by {@link settledKey}. */
  readonly settled: readonly string[];
  readonly saved?: Saved;
  /** Hash of the saved plan that this one was made from. */
  readonly base?: string | undefined;
  /** What somebody else saved meanwhile. */
  readonly conflict?: Saved;
  readonly work: Work;
  readonly preview?: { readonly of: Plan; readonly preview: Preview; readonly at: number };
  readonly deployment?: Deployment;
  readonly runs: readonly Run[];
}

export type ReviewAction =
  | {
      readonly type: "edit";
      readonly path: string;
      readonly value: unknown;
      readonly label: string;
      readonly at: number;
      /** Part of typing, although the value is no text. */
      readonly typing?: boolean;
    }
  | {
      readonly type: "edits";
      readonly changes: readonly (readonly [path: string, value: unknown])[];
      readonly label: string;
    }
  | { readonly type: "pattern"; readonly pattern: PatternType; readonly label: string }
  | { readonly type: "restart"; readonly plan: Plan; readonly label: string }
  | {
      readonly type: "adopt";
      readonly plan: Plan;
      readonly settled: readonly string[];
      readonly label: string;
    }
  | { readonly type: "settle"; readonly path: string; readonly code: string }
  | { readonly type: "suggested"; readonly suggestion: Suggestion }
  | { readonly type: "undo" | "redo" }
  | { readonly type: "working"; readonly what: WorkName; readonly at: number }
  | { readonly type: "failed"; readonly what: WorkName; readonly error: HandoffError }
  | { readonly type: "saved"; readonly saved: Saved; readonly sent: Plan }
  | { readonly type: "found"; readonly saved: Saved }
  | { readonly type: "conflict"; readonly theirs: Saved }
  | { readonly type: "take-theirs"; readonly label: string }
  | { readonly type: "keep-mine" }
  | { readonly type: "previewed"; readonly of: Plan; readonly preview: Preview; readonly at: number }
  | { readonly type: "deployed"; readonly deployment: Deployment }
  | { readonly type: "run"; readonly run: Run }
  | { readonly type: "dismiss" };

/** What a review starts with. */
export interface Start {
  readonly plan: Plan;
  readonly suggestion: Suggestion;
  readonly settled?: readonly string[];
  readonly history?: History<Plan>;
  readonly base?: string | undefined;
}

export function startReview({ plan, suggestion, settled = [], history, base }: Start): ReviewState {
  return {
    history: history ?? startHistory(plan),
    suggestion,
    settled,
    work: { kind: "none" },
    runs: [],
    ...(base !== undefined && { base }),
  };
}

export function reduceReview(state: ReviewState, action: ReviewAction): ReviewState {
  const { history } = state;
  const plan = history.present;
  const step = (next: Plan, label: string, merge?: { key: string; at: number }): ReviewState => {
    const changed = commit(history, next, label, merge);
    return changed === history ? state : { ...state, history: changed };
  };
  switch (action.type) {
    case "edit": {
      const next = versioned(withValue(plan, action.path, action.value));
      // Typing in one field is one step; a choice is a step of its own.
      const typed = action.typing || typeof action.value === "string" || typeof action.value === "number";
      return step(next, action.label, typed ? { key: action.path, at: action.at } : undefined);
    }
    case "edits":
      return step(
        versioned(action.changes.reduce((next, [path, value]) => withValue(next, path, value), plan)),
        action.label,
      );
    case "pattern":
      return step(switchPattern(plan, action.pattern), action.label);
    case "restart":
      return step(action.plan, action.label);
    case "adopt":
      return { ...step(action.plan, action.label), settled: action.settled };
    case "settle":
      return { ...state, settled: [...state.settled, settledKey(action)] };
    case "suggested":
      return state.suggestion === action.suggestion ? state : { ...state, suggestion: action.suggestion };
    case "undo":
      return { ...state, history: undo(history) };
    case "redo":
      return { ...state, history: redo(history) };
    case "working":
      return { ...state, work: { kind: action.what, since: action.at } };
    case "failed":
      return { ...state, work: { kind: "failed", what: action.what, error: action.error } };
    case "dismiss":
      return { ...state, work: { kind: "none" } };
    case "saved": {
      const { saved, sent } = action;
      const { conflict: _, ...rest } = state;
      // The server sets the version. That is a fact and no step: undo must not bring an old number back.
      const version = textAt(saved.record.plan, "/plan_metadata/version");
      const known = amend(history, (value) => withValue(value, "/plan_metadata/version", version));
      const same = plan === sent;
      return {
        ...rest,
        history: same ? { ...known, present: saved.record.plan } : known,
        saved,
        base: saved.record.plan_hash,
        work: { kind: "none" },
        ...(saved.record.deployment && { deployment: saved.record.deployment }),
      };
    }
    case "found": {
      const { record } = action.saved;
      const deployed = record.deployment ? { deployment: record.deployment } : {};
      const ours = sameContent(plan, record.plan) || state.base === record.plan_hash;
      // Somebody has gone on from another version than this draft did.
      if (!ours) return { ...state, ...deployed, conflict: action.saved };
      return { ...state, ...deployed, saved: action.saved, base: record.plan_hash };
    }
    case "conflict":
      return { ...state, conflict: action.theirs, work: { kind: "none" } };
    case "take-theirs": {
      const { conflict, ...rest } = state;
      if (!conflict) return state;
      const { plan: theirs, plan_hash: base } = conflict.record;
      return { ...rest, history: commit(history, theirs, action.label), saved: conflict, base };
    }
    case "keep-mine": {
      const { conflict, ...rest } = state;
      return conflict ? { ...rest, saved: conflict, base: conflict.record.plan_hash } : state;
    }
    case "previewed":
      return {
        ...state,
        work: { kind: "none" },
        preview: { of: action.of, preview: action.preview, at: action.at },
      };
    case "deployed":
      return { ...state, deployment: action.deployment, work: { kind: "none" } };
    case "run": {
      const others = state.runs.filter(({ run_id }) => run_id !== action.run.run_id);
      const known = others.length < state.runs.length;
      const runs = known
        ? state.runs.map((run) => (run.run_id === action.run.run_id ? action.run : run))
        : [action.run, ...others];
      return { ...state, runs, work: state.work.kind === "starting" ? { kind: "none" } : state.work };
    }
  }
}

/** Whether the plan on the page is what the server keeps. Compares content, not flags. */
export function isSaved({ history, saved }: ReviewState): boolean {
  return saved !== undefined && sameContent(history.present, saved.record.plan);
}

/** Whether two plans hold the same, whatever the order of their keys. */
export function sameContent(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      sameContent((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
