// Talking HTTP, from the first byte to the last, as one promise. Rust decides what is sent and what an answer means; in
// here are the steps between, each of which would otherwise be a promise and several calls across the border.

/**
 * Sends one request and reads its whole answer. The deadline covers both; `failure` says what went wrong after the
 * answer had begun. Rejects when there was no answer.
 */
export async function exchange(url, init, milliseconds, limit, errorLimit) {
  init.signal = AbortSignal.timeout(milliseconds);
  const response = await fetch(url, init);
  const { status, headers } = response;
  const answer = { status, retryAfter: headers.get("retry-after"), body: undefined, failure: undefined };
  const good = status >= 200 && status < 300;
  // The login page of a proxy comes with 200 and HTML.
  if (good && !headers.get("content-type")?.includes("json")) {
    answer.failure = "type";
    response.body?.cancel().catch(() => {});
    return answer;
  }
  try {
    answer.body = await read(response, good ? limit : errorLimit);
    if (answer.body === undefined) answer.failure = "large";
  } catch (error) {
    answer.failure = isTimeout(error) ? "slow" : "cut";
  }
  return answer;
}

/** Whether a deadline has caused this error. */
export function isTimeout(error) {
  return error?.name === "TimeoutError" || error?.name === "AbortError";
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
