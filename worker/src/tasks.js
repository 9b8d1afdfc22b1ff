// Promises of tasks that run in Rust, and the promises that they wait for. See tasks.rs.

const answers = new Map();

/** The promise of a task's answer. */
export function promised(task) {
  return new Promise((resolve) => answers.set(task, resolve));
}

/** Answers a task's promise. The second answer of a task that panicked after its first changes nothing. */
export function answer(task, response) {
  const resolve = answers.get(task);
  answers.delete(task);
  resolve?.(response);
}

/** Runs a task on when a promise has settled. */
export function follow(task, promise, resume) {
  promise.then(
    (value) => resume(task, true, value),
    (error) => resume(task, false, error),
  );
}
