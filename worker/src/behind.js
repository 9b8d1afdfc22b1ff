// Gives a request to another worker. Nothing is decided in here: the request goes as it came, the answer comes as it is.

/**
 * Runs the task on with the other worker's response, or with a word: "late" when `milliseconds` have passed, "left" when the
 * caller has, else "failed". Either way the other worker learns that nobody waits any more.
 */
export function handOver(task, resume, worker, request, id, milliseconds) {
  let open = true;
  const settle = (good, value) => {
    if (!open) {
      // Nobody waits for it any more; unread, its body would hold the connection.
      value.body?.cancel().catch(() => {});
      return;
    }
    open = false;
    clearTimeout(timer);
    resume(task, good, value);
  };
  // The runtime ends a call that an answered request has left open, so the timer has nothing to abort.
  const timer = setTimeout(settle, milliseconds, false, "late");
  const headers = new Headers(request.headers);
  // Whatever a caller calls its request: this is the id in our logs.
  headers.set("x-request-id", id);
  // A signal of our own: the runtime does not pass on the one that a request came with.
  const signal = AbortSignal.any([request.signal]);
  worker.fetch(request, { headers, signal }).then(
    (response) => settle(true, response),
    () => settle(false, request.signal.aborted ? "left" : "failed"),
  );
}
