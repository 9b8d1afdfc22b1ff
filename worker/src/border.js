// What every request needs from the runtime, in few calls. A call from Rust to the runtime costs little, but a text that
// crosses is copied and each object that does takes a place in a table, so what belongs together goes together, and what
// came before does not come again. Nothing is decided in here.

/** Texts of requests that came before, and the places where Rust has kept what they say. */
const places = new Map();
const texts = [];
/** The text of the request that was looked at last. */
let latest;

/**
 * Looks at a request: method, address and the headers that nearly every request is asked for, one per line. A header that
 * was sent begins with "=", so that an empty one is not taken for one that is missing. Credentials are not among them.
 *
 * Gives the place of an equal request, or -1; then `latestFacts` has the text.
 */
export function facts(request) {
  const { headers } = request;
  const origin = headers.get("origin");
  const cacheControl = headers.get("cache-control");
  latest =
    `${request.method}\n${request.url}\n` +
    `${origin === null ? "" : `=${origin}`}\n` +
    `${cacheControl === null ? "" : `=${cacheControl}`}`;
  return places.get(latest) ?? -1;
}

export function latestFacts() {
  return latest;
}

/** Remembers the latest text under a place, instead of what was there. */
export function rememberFacts(place) {
  places.delete(texts[place]);
  texts[place] = latest;
  places.set(latest, place);
}

/** The header that says who calls. */
export function authorizationOf(request) {
  return request.headers.get("authorization");
}

/**
 * A response without a body that others are made after, once per kind of answer. `lines` has names and values of its
 * headers by turns.
 */
export function template(lines) {
  const headers = new Headers();
  const parts = lines.split("\n");
  for (let n = 0; n + 1 < parts.length; n += 2) headers.set(parts[n], parts[n + 1]);
  const good = new Response(null, { headers });
  return { good, headers: good.headers };
}

/**
 * Writes the log line and makes the response. `text` is the request id, `idLength` long, and the line behind it.
 * The runtime copies the headers when the response is made, so the template can serve again. To be made after another
 * response is cheaper than after an object, whose members the runtime looks up one by one.
 */
export function respond(template, status, body, text, idLength) {
  console.log(text.slice(idLength));
  template.headers.set("x-request-id", text.slice(0, idLength));
  return new Response(body, status === 200 ? template.good : { status, headers: template.headers });
}
