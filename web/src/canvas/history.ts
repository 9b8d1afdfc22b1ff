/**
 * Undo and redo as a list of values. One entry is one intent.
 *
 * Snapshots, not inverse commands: a canvas is small, values share what did not change, and a snapshot
 * cannot drift from what it should restore.
 */

/** A state that can be gone back to, with the words for the step that led away from it. */
export interface Step<T> {
  readonly value: T;
  /** The step's name, as in "Undo: LABEL". */
  readonly label: string;
}

/** The present value, the steps before it (oldest first) and the steps that were undone (next first). */
export interface History<T> {
  readonly past: readonly Step<T>[];
  readonly present: T;
  readonly future: readonly Step<T>[];
  /** Set while the last step may still grow; see {@link commit}. */
  readonly open?: { readonly key: string; readonly at: number };
}

/** How many steps are kept. */
export const historyLimit = 100;

/** Steps with the same key grow together when they follow each other within this time. Milliseconds. */
export const mergeWindow = 1000;

/** A history with nothing to undo. */
export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/**
 * Adds a step. Equal values (by identity) add nothing.
 *
 * `merge` joins quick repeats of one gesture, such as a held arrow key: same key, and no more than
 * {@link mergeWindow} after the last one. `at` is the time in milliseconds; this module reads no clock.
 */
export function commit<T>(
  history: History<T>,
  value: T,
  label: string,
  merge?: { readonly key: string; readonly at: number },
): History<T> {
  if (value === history.present) return history;
  const { open } = history;
  const grows = merge && open && open.key === merge.key && merge.at - open.at <= mergeWindow;
  const past = grows
    ? history.past
    : [...history.past, { value: history.present, label }].slice(-historyLimit);
  return { past, present: value, future: [], ...(merge ? { open: merge } : {}) };
}

/** Goes back one step; the same history when there is none. */
export function undo<T>(history: History<T>): History<T> {
  const step = history.past.at(-1);
  if (!step) return history;
  return {
    past: history.past.slice(0, -1),
    present: step.value,
    future: [{ value: history.present, label: step.label }, ...history.future],
  };
}

/** Goes forward one undone step; the same history when there is none. */
export function redo<T>(history: History<T>): History<T> {
  const [step, ...future] = history.future;
  if (!step) return history;
  return {
    past: [...history.past, { value: history.present, label: step.label }].slice(-historyLimit),
    present: step.value,
    future,
  };
}

/**
 * Changes a fact in every state at once, without a step of its own: the answer to a question that a step
 * asked, for instance. Undo and redo then never bring the open question back.
 */
export function amend<T>(history: History<T>, change: (value: T) => T): History<T> {
  const steps = (list: readonly Step<T>[]) =>
    list.map((step) => {
      const value = change(step.value);
      return value === step.value ? step : { ...step, value };
    });
  return {
    ...history,
    past: steps(history.past),
    present: change(history.present),
    future: steps(history.future),
  };
}
