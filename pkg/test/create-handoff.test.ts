import { afterEach, describe, expect, it } from "vitest";
import { type CreatedHandoff, createClient, HandoffError } from "../dist/inline.js";
import { type Handler, json, serve } from "./server.js";

const ID = "01f0eca3dc1b1cbc9b65fa58f94c18ad";
const answer: CreatedHandoff = {
  handoff_id: null,
  url: "https://handoff.example.com/handoff#context=b123",
  context: {
    genie_session_id: "",
    space_id: ID,
    validated_tables: ["a.b.c"],
    validated_columns: {},
    user_intent: "daily",
    exploration_summary: {},
  },
  readiness: { ready: true, issues: [] },
};

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

async function client(handler: Handler) {
  const { url, stop } = await serve(handler);
  running.push(stop);
  return createClient({ baseUrl: url, token: "a-token" });
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (HandoffError.is(error) ? error.code : error),
  );

it("posts the request as JSON, with the token", async () => {
  const seen: unknown[] = [];
  const { createHandoff } = await client(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const { "content-type": type, authorization } = request.headers;
    seen.push([request.method, request.url, type, authorization, JSON.parse(body)]);
    json(response, 201, answer);
  });
  expect(await createHandoff({ spaceId: ID, userIntent: "daily" })).toEqual(answer);
  await createHandoff({ spaceId: ID, userIntent: "daily", targetTable: "a.b.d" });
  const head = ["POST", "/api/handoffs", "application/json", "Bearer a-token"];
  const body = { space_id: ID, user_intent: "daily" };
  expect(seen).toEqual([
    [...head, body],
    [...head, { ...body, target_table: "a.b.d" }],
  ]);
});

it.each([
  ["a link that runs script", { url: "javascript:alert(1)" }],
  ["no link", { url: undefined }],
  ["no context", { context: [] }],
  ["no readiness", { readiness: { ready: "yes", issues: [] } }],
  ["an id that is a number", { handoff_id: 7 }],
])("refuses an answer with %s", async (_, wrong) => {
  const { createHandoff } = await client((_request, response) =>
    json(response, 201, { ...answer, ...wrong }),
  );
  expect(await failure(createHandoff({ spaceId: ID, userIntent: "daily" }))).toBe("invalid_response");
});

it("says when the server makes no links", async () => {
  const { createHandoff } = await client((_request, response) =>
    json(response, 404, { code: "route_unknown", title: "There is nothing at this address" }),
  );
  expect(await failure(createHandoff({ spaceId: ID, userIntent: "daily" }))).toBe("route_unknown");
});

it("refuses what is no id and no text before anything is sent", async () => {
  const { createHandoff } = await client(() => {
    throw new Error("called");
  });
  expect(await failure(createHandoff({ spaceId: "../x", userIntent: "daily" }))).toBe("invalid_argument");
  const request = { spaceId: ID, userIntent: 1 as unknown as string };
  expect(await failure(createHandoff(request))).toBe("invalid_argument");
});

describe("signHandoff", () => {
  const signed = { payload: "sabc", key_id: "k1", expires: 1_800_000_000, audience: "h.example" };

  it("sends the payload and gives the signed one", async () => {
    const seen: unknown[] = [];
    const { signHandoff } = await client(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      seen.push([request.method, request.url, JSON.parse(body)]);
      json(response, 200, { ...signed, more: 1 });
    });
    expect(await signHandoff("babc")).toEqual(signed);
    expect(seen).toEqual([["POST", "/api/handoffs/sign", { payload: "babc" }]]);
  });

  it.each([{}, { ...signed, payload: 7 }, { ...signed, payload: "a b" }, { ...signed, expires: "soon" }])(
    "does not understand %j",
    async (wrong) => {
      const { signHandoff } = await client((_request, response) => json(response, 200, wrong));
      expect(await failure(signHandoff("babc"))).toBe("invalid_response");
    },
  );
});
