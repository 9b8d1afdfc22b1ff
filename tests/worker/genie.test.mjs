// genie_get and the lists, against the emulator as it is.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  call,
  EMULATOR_TOKEN,
  emulator,
  expectNoSecret,
  expectProblem,
  HIDDEN,
  NOBODY,
  SPACE,
  worker,
} from "./harness.mjs";

let upstream;
let server;
const fresh = { "cache-control": "no-cache" };

beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream);
});
afterAll(async () => {
  if (server) expectNoSecret(server.logs());
  await server?.stop();
  await upstream?.stop();
});
beforeEach(async () => {
  await upstream.calm();
  await upstream.forget();
});

const direct = async (path) =>
  (await call(upstream.url + path, { headers: { authorization: `Bearer ${EMULATOR_TOKEN}` } })).json();

describe("a space", () => {
  test("is what the data-rooms API says, byte for byte", async () => {
    const answer = await server.get(`/api/genie/get?space_id=${SPACE}`, { headers: fresh });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.json()).toEqual(await direct(`/api/2.0/data-rooms/${SPACE}`));
    expect(answer.json().table_identifiers).toEqual(
      expect.arrayContaining(["prod_catalog.raw.customer_events", "prod_catalog.curated.customer_daily"]),
    );
    expectNoSecret(answer);
  });

  test("is the same by POST, in a body or in the query", async () => {
    const get = await server.get(`/api/genie/get?space_id=${SPACE}`);
    const json = { method: "POST", headers: { "content-type": "application/json; charset=utf-8" } };
    const posted = await server.get("/api/genie/get", { ...json, body: JSON.stringify({ space_id: SPACE }) });
    const queried = await server.get(`/api/genie/get?space_id=${SPACE}`, { method: "POST" });
    expect([posted.status, queried.status]).toEqual([200, 200]);
    expect(posted.text).toBe(get.text);
    expect(queried.text).toBe(get.text);
  });

  test("has a HEAD without a body", async () => {
    const answer = await server.get(`/api/genie/get?space_id=${SPACE}`, { method: "HEAD" });
    expect([answer.status, answer.text]).toEqual([200, ""]);
  });

  test("comes from the public API in the same shape where data-rooms does not know it", async () => {
    const spaces = (await direct("/api/2.0/genie/spaces?page_size=100")).spaces;
    const shapes = new Map();
    for (const { space_id } of spaces) {
      const room = await call(`${upstream.url}/api/2.0/data-rooms/${space_id}`, {
        headers: { authorization: `Bearer ${EMULATOR_TOKEN}` },
      });
      const answer = await server.get(`/api/genie/get?space_id=${space_id}`, { headers: fresh });
      expect(answer.status).toBe(200);
      const space = answer.json();
      for (const key of [
        "space_id",
        "id",
        "display_name",
        "description",
        "warehouse_id",
        "table_identifiers",
        "run_as_type",
      ])
        expect(space, `${space_id} ${key}`).toHaveProperty(key);
      expect(Array.isArray(space.table_identifiers)).toBe(true);
      expect(space).not.toHaveProperty("serialized_space");
      shapes.set(room.status === 200 ? "room" : "public", space);
    }
    expect([...shapes.keys()].sort(), "fixtures hold both kinds").toEqual(["public", "room"]);
    expect(shapes.get("public").table_identifiers.length).toBeGreaterThan(0);
  });

  test("that is not there is 404, and one that may not be seen looks the same", async () => {
    const missing = await server.get(`/api/genie/get?space_id=${NOBODY}`);
    const problem = expectProblem(missing, 404, "space_not_found");
    const other = expectProblem(
      await server.get(`/api/genie/get?space_id=${HIDDEN}`),
      404,
      "space_not_found",
    );
    expect({ ...other, request_id: "" }).toEqual({ ...problem, request_id: "" });
  });

  test.each([
    ["", "space_id_missing"],
    ["?space_id=", "space_id_missing"],
    ["?space_id=xyz", "space_id_malformed"],
    [`?space_id=${SPACE}0`, "space_id_malformed"],
    [`?space_id=${SPACE.toUpperCase()}`, "space_id_malformed"],
    [`?space_id=..%2F..%2Fsecrets`, "space_id_malformed"],
    [`?space_id=${SPACE}%0a`, "space_id_malformed"],
    [`?space_id=${SPACE}&space_id=${SPACE}`, "space_id_repeated"],
    [`?space_id=${SPACE}&space%5fid=${NOBODY}`, "space_id_malformed"],
    [`?space_id=${"0".repeat(9000)}`, "space_id_malformed"],
  ])("with %j is 400 %s before anything is asked upstream", async (query, code) => {
    expectProblem(await server.get(`/api/genie/get${query}`), 400, code);
    expect(await upstream.requests()).toEqual([]);
  });

  test.each([
    ["{}", 400, "space_id_missing"],
    ["[]", 400, "body_malformed"],
    ["{", 400, "body_malformed"],
    ['{"space_id":1}', 400, "body_malformed"],
    [`{"space_id":"${SPACE}","space_id":"${NOBODY}"}`, 400, "body_malformed"],
    [`{"space_id":"${"x".repeat(20_000)}"}`, 413, "body_too_large"],
  ])("by POST of %s is %i %s", async (body, status, code) => {
    const headers = { "content-type": "application/json" };
    expectProblem(await server.get("/api/genie/get", { method: "POST", headers, body: body }), status, code);
    // Without a declared length, too.
    const chunked = await server.get("/api/genie/get", {
      method: "POST",
      headers: { ...headers, "transfer-encoding": "chunked" },
      body,
    });
    expectProblem(chunked, status, code);
    expect(await upstream.requests()).toEqual([]);
  });

  test("by POST of another type is 415", async () => {
    const answer = await server.get("/api/genie/get", {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "x",
    });
    expectProblem(answer, 415, "type_unsupported");
  });
});

describe("lists", () => {
  test("page through every space", async () => {
    const seen = [];
    let token = "";
    do {
      const answer = await server.get(
        `/api/genie/spaces?page_size=2${token && `&page_token=${encodeURIComponent(token)}`}`,
      );
      expect(answer.status).toBe(200);
      const page = answer.json();
      expect(page.spaces.length).toBeLessThanOrEqual(2);
      for (const space of page.spaces) expect(space).toHaveProperty("display_name");
      seen.push(...page.spaces.map((space) => space.space_id));
      token = page.next_page_token ?? "";
    } while (token);
    const all = (await direct("/api/2.0/genie/spaces?page_size=100")).spaces.map((space) => space.space_id);
    expect(seen).toEqual(all);
    expect(seen).toContain(SPACE);
  });

  test("lead from a space to the message that asks for production", async () => {
    const { conversations } = (await server.get(`/api/genie/spaces/${SPACE}/conversations`)).json();
    const contents = [];
    for (const { conversation_id } of conversations) {
      const answer = await server.get(
        `/api/genie/spaces/${SPACE}/conversations/${conversation_id}/messages?page_size=100`,
      );
      expect(answer.status).toBe(200);
      for (const message of answer.json().messages) {
        contents.push(message.content);
        if ("user_id" in message) expect(typeof message.user_id).toBe("string");
      }
    }
    expect(contents).toContain("I want to load new customer events daily into curated.customer_daily");
  });

  test("of what is not there are 404, malformed ids and pages 400", async () => {
    expectProblem(await server.get(`/api/genie/spaces/${NOBODY}/conversations`), 404, "space_not_found");
    expectProblem(
      await server.get(`/api/genie/spaces/${SPACE}/conversations/${NOBODY}/messages`),
      404,
      "conversation_not_found",
    );
    await upstream.forget();
    expectProblem(await server.get("/api/genie/spaces/x/conversations"), 400, "space_id_malformed");
    expectProblem(
      await server.get(`/api/genie/spaces/${SPACE}/conversations/..%2f/messages`),
      400,
      "conversation_id_malformed",
    );
    expectProblem(await server.get("/api/genie/spaces?page_size=101"), 400, "page_malformed");
    expectProblem(await server.get("/api/genie/spaces?page_token=a%20b&page_token=c"), 400, "page_malformed");
    expect(await upstream.requests()).toEqual([]);
  });

  test("a page that was never given out is the caller's mistake", async () => {
    for (const path of ["spaces", `spaces/${SPACE}/conversations`])
      expectProblem(await server.get(`/api/genie/${path}?page_token=made-up`), 400, "page_malformed");
  });
});
