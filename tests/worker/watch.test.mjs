// The watch over what a server gives away must itself see something.

import { afterAll, beforeAll, expect, test } from "vitest";
import { emulator, SPACE, worker } from "./harness.mjs";
import { answered, found, logged } from "./watch.mjs";

let upstream;
beforeAll(async () => {
  upstream = await emulator();
});
afterAll(() => upstream?.stop());

test.each([
  ["the token of the server", "x emulator-token y"],
  ["a token of Databricks", `{"t":"dapi${"0a".repeat(16)}"}`],
  ["a JSON web token", '{"t":"eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}'],
  ["a header", "authorization: Bearer abcdefgh"],
  ["a value of a query", "WHERE email = 'jane.roe@literal-canary.example'"],
])("%s is found", (_, text) => expect(found(text)).toHaveLength(1));

test.each([
  'www-authenticate: Bearer realm="genie-handoff"',
  "Send Authorization: Bearer TOKEN",
  "1xeyJhbGciOiJSUzI1NiJ9abc",
])("%s is nothing", (text) => expect(found(text)).toEqual([]));

test("a conversation is given to its reader as it is, without credentials", async () => {
  const server = await worker(upstream);
  const text = "literal-canary";
  answered("GET", "/api/genie/spaces/a/conversations/b/messages", { headers: {}, text });
  await server.stop();
});

test.each([
  ["an answer", () => answered("GET", "/api/plans", { headers: {}, text: "a literal-canary" })],
  ["a header", () => answered("GET", "/api/plans", { headers: { etag: "emulator-token" }, text: "" })],
  ["a log line", () => logged("cause: cell-canary")],
  [
    "a row",
    (server) =>
      server.databases.DB.prepare("INSERT INTO meta (key, value) VALUES ('x', 'a literal-canary')").run(),
  ],
  [
    "a secret setting in a row",
    (server) =>
      server.databases.DB.prepare("INSERT INTO meta (key, value) VALUES ('x', 'sesame-sesame')").run(),
  ],
])("%s stops a server loudly", async (_, leak) => {
  const server = await worker(upstream, { DATABRICKS_TOKEN: "sesame-sesame" });
  await server.get(`/api/genie/get?space_id=${SPACE}`);
  await leak(server);
  await expect(server.stop()).rejects.toThrow(/given away/);
});
