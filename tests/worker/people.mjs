// Signing in as a person, as a browser does it.

import { expect } from "vitest";

/** The cookies of an answer, by name; a removed one is empty. */
export function cookiesOf(answer) {
  const list = answer.headers["set-cookie"] ?? [];
  return Object.fromEntries(list.map((text) => text.split(";")[0].split(/=(.*)/s).slice(0, 2)));
}

/** Cookies as the header that a browser sends. */
export const header = (cookies) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

/** As far as the sign-in page: where it is, and the cookie that goes with it. */
export async function begin(server, query = "") {
  const answer = await server.get(`/auth/login${query}`);
  expect(answer.status, answer.text).toBe(302);
  return { page: new URL(answer.headers.location), cookies: cookiesOf(answer), answer };
}

/** What the sign-in page sends the browser back to. */
export async function agree(page, hint) {
  if (hint) page.searchParams.set("login_hint", hint);
  const response = await fetch(page, { redirect: "manual" });
  expect(response.status).toBe(302);
  const back = new URL(response.headers.get("location"));
  return back.pathname + back.search;
}

/** Signs somebody in and gives their `Cookie` header. */
export async function signIn(server, { hint, query } = {}) {
  const { page, cookies } = await begin(server, query);
  const answer = await server.get(await agree(page, hint), { headers: { cookie: header(cookies) } });
  expect(answer.status, answer.text).toBe(302);
  const { genie_handoff_session: session } = cookiesOf(answer);
  return { cookie: `genie_handoff_session=${session}`, answer };
}
