// Talking HTTP, from the first byte to the last, as one step. Rust decides what is sent and what an answer means; in
// here are the steps between, each of which would otherwise be a promise and several calls across the border.

/** What a task is told when the deadline has passed. */
const late = { status: 0, failure: "slow" };
/** What stands for an answer among several when there was no connection. */
const unreachable = { status: 0, failure: "unreachable" };

/**
 * Sends one request and reads its whole answer; then, or when the deadline has passed, runs the task on.
 *
 * The deadline is a timer and no AbortSignal, which would cost more than all of our own work. Nothing has to be aborted
 * either: a task whose call is late answers at once, and the runtime ends what an answered request has left open.
 */
export function exchange(task, resume, url, init, milliseconds, limit, errorLimit) {
  let open = true;
  const settle = (good, value) => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    resume(task, good, value);
  };
  const timer = setTimeout(settle, milliseconds, true, late);
  perform(url, init, limit, errorLimit).then(
    (answer) => settle(true, answer),
    (error) => settle(false, error),
  );
}

/**
 * The same for several addresses (a JSON list), `atOnce` of them at a time; runs the task on with their answers in order.
 * `milliseconds` is for all together, `each` for one; what is not there by then is late. A connection that fails is an answer like others.
 */
export function exchangeAll(task, resume, urls, init, milliseconds, each, limit, errorLimit, atOnce) {
  const waiting = JSON.parse(urls).entries();
  const answers = [];
  let open = true;
  const settle = () => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    resume(task, true, answers);
  };
  const timer = setTimeout(settle, milliseconds);
  const work = async () => {
    for (const [index, url] of waiting) {
      if (!open) return;
      let timeout;
      const patience = new Promise((resolve) => {
        timeout = setTimeout(resolve, each, late);
      });
      const answer = perform(url, init, limit, errorLimit).catch(() => unreachable);
      answers[index] = await Promise.race([answer, patience]);
      clearTimeout(timeout);
    }
  };
  // One iterator feeds all, so that each takes the next address when it is free.
  Promise.all(Array.from({ length: atOnce }, work)).then(settle);
}

/** `failure` says what went wrong after the answer had begun. Rejects when there was no answer. */
async function perform(url, init, limit, errorLimit) {
  const response = await fetch(url, init);
  const { status, headers } = response;
  if (status < 200 || status > 299) {
    const body = await read(response, errorLimit).catch(() => undefined);
    return { status, body, retryAfter: headers.get("retry-after") };
  }
  // The login page of a proxy comes with 200 and HTML.
  if (!headers.get("content-type")?.includes("json")) {
    response.body?.cancel().catch(() => {});
    return { status, failure: "type" };
  }
  try {
    const body = await read(response, limit);
    return body === undefined ? { status, failure: "large" } : { status, body };
  } catch {
    return { status, failure: "cut" };
  }
}

/**
 * The body of a request or an answer, or nothing when it is over the limit.
 *
 * A declared, unencoded length is read in one go. Otherwise the length is anybody's guess (200 KB of gzip can be
 * 200 MB), so the stream is read chunk by chunk and left as soon as it is over the limit.
 */
export async function read(message, limit) {
  const { headers, body } = message;
  const declared = headers.get("content-length");
  if (declared !== null && Number(declared) > limit) {
    body?.cancel().catch(() => {});
    return undefined;
  }
  if (declared !== null && headers.get("content-encoding") === null) {
    return new Uint8Array(await message.arrayBuffer());
  }
  const chunks = [];
  let length = 0;
  // Leaving the loop gives the stream up, and with it the connection.
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
