// Gives a request to another worker. Nothing is decided in here: the request goes as it came, the answer comes as it is.

/** Runs the task on with the other worker's response, or with nothing when `milliseconds` have passed. */
export function handOver(task, resume, worker, request, milliseconds) {
  let open = true;
  const settle = (good, value) => {
    if (!open) {
      // Nobody waits for it any more; unread, its body would hold the connection.
      value?.body?.cancel().catch(() => {});
      return;
    }
    open = false;
    clearTimeout(timer);
    resume(task, good, value);
  };
  const timer = setTimeout(settle, milliseconds, true, undefined);
  worker.fetch(request).then(
    (response) => settle(true, response),
    (error) => settle(false, error),
  );
}
