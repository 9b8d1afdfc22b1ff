// What every request needs from the runtime, in one call each way. A call from Rust to the runtime costs little, but a
// text that crosses is copied and each object that does takes a place in a table, so what belongs together goes
// together. Nothing is decided in here.

/**
 * Method, address and headers that nearly every request is asked for, one per line. A header that was sent begins with
 * "=", so that an empty one is not taken for one that is missing.
 */
export function facts(request, withAuthorization) {
  const { headers } = request;
  const origin = headers.get("origin");
  const cacheControl = headers.get("cache-control");
  const authorization = withAuthorization ? headers.get("authorization") : null;
  return (
    `${request.method}\n${request.url}\n` +
    `${origin === null ? "" : `=${origin}`}\n` +
    `${cacheControl === null ? "" : `=${cacheControl}`}\n` +
    `${authorization === null ? "" : `=${authorization}`}`
  );
}

/** Options of a response, made once per kind: names and values of its headers by turns. */
export function template(lines) {
  const headers = new Headers();
  const parts = lines.split("\n");
  for (let n = 0; n + 1 < parts.length; n += 2) headers.set(parts[n], parts[n + 1]);
  return { status: 200, headers };
}

/**
 * Writes the log line and makes the response. `text` is the request id, `idLength` long, and the line behind it.
 * The runtime copies the headers when the response is made, so the template can serve again.
 */
export function respond(template, status, body, text, idLength) {
  console.log(text.slice(idLength));
  template.status = status;
  template.headers.set("x-request-id", text.slice(0, idLength));
  return new Response(body, template);
}
