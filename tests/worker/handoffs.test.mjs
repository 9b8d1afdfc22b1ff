// Handoffs from a Genie session: what is in them, what is not, and what happens when something cannot be read.

import { createHash, generateKeyPairSync } from "node:crypto";
import { decodeHandoff, init, verifyHandoff } from "genie-handoff";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, HIDDEN, NOBODY, SPACE, worker } from "./harness.mjs";

const CONVERSATION = "01f0eca4a1c81d3f9e7b2c6d5f8091aa";
const LIVE = "01f0ed17c05b1e84b3f2a69d7740e5cc";
const RETAIL = "01f0b7e21c9a1f3d8e5470a6c2d91b34";
const CANARIES = ["literal-canary", "cell-canary", "jane.roe", "2026-11-01"];
const EVENTS = "prod_catalog.raw.customer_events";
const key = { ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }), kid: "2026-a" };
let upstream;
let server;
const answers = [];

const post = async (path, body, { on = server, headers = {} } = {}) => {
  const answer = await on.get(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  answers.push(answer.text);
  return answer;
};
const make = (body, options) => post("/api/handoffs", body, options);
const session = { space_id: SPACE, conversation_id: CONVERSATION };
const codes = (answer) => answer.json().issues.map((issue) => issue.code);
/** The same session as another handoff: every intent makes its own. */
let asked = 0;
const another = (more = {}) => ({ ...session, user_intent: `Load events daily, take ${asked++}`, ...more });

beforeAll(async () => {
  await init();
  upstream = await emulator();
  server = await worker(upstream, { HANDOFF_SIGNING_KEY: JSON.stringify(key) });
});
afterEach(() => upstream?.calm());
afterAll(async () => {
  if (server) {
    const rows = (await server.databases.DB.prepare("SELECT * FROM handoffs").all()).results;
    const audit = (await server.databases.DB.prepare("SELECT * FROM audit").all()).results;
    expect(rows.length).toBeGreaterThan(5);
    for (const [where, text] of Object.entries({
      log: server.logs(),
      answers: answers.join("\n"),
      handoffs: JSON.stringify(rows),
      audit: JSON.stringify(audit),
    })) {
      expectNoSecret(text);
      for (const canary of CANARIES) expect(text.includes(canary), `${canary} in ${where}`).toBe(false);
    }
  }
  await server?.stop();
  await upstream?.stop();
});

describe("a handoff of the walkthrough", () => {
  test("holds what was explored, typed and with keys, and opens from its signed link", async () => {
    const answer = await make(session);
    expect(answer.status, answer.text).toBe(201);
    const made = answer.json();
    expect(made.handoff_id).toMatch(/^[a-z0-9]{20}$/);
    expect(answer.headers.location).toBe(`/api/handoffs/${made.handoff_id}`);
    const { context } = made;
    expect(context).toMatchObject({
      genie_session_id: CONVERSATION,
      space_id: SPACE,
      user_intent: "I want to load new customer events daily into curated.customer_daily",
      warehouse_id: "4b9b953939869799",
      target_table: "prod_catalog.curated.customer_daily",
    });
    expect(context.validated_tables[0]).toBe(EVENTS);
    expect(context.validated_columns[EVENTS]).toContain("event_ts");
    expect(context.column_types[EVENTS].event_ts).toBe("timestamp");
    expect(context.exploration_summary.queries_run).toBeGreaterThanOrEqual(3);
    expect(context.exploration_queries.length).toBeGreaterThanOrEqual(3);
    expect(made.readiness).toMatchObject({ ready: true });
    expect(made.issues.every((issue) => issue.severity !== "error")).toBe(true);

    const { signature, context: opened } = decodeHandoff(made.url);
    expect(opened).toEqual(context);
    const { keys } = (await server.get("/.well-known/genie-handoff.json")).json();
    expect(await verifyHandoff(signature, { keys, host: new URL(server.url).host })).toBe("valid");
    expect(Date.parse(made.expires_at)).toBeGreaterThan(Date.now());
  });

  test("is the same when it is asked for again, also by many at once", async () => {
    const body = another();
    const all = await Promise.all(Array.from({ length: 8 }, () => make(body)));
    const statuses = all.map((answer) => answer.status).sort();
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(all.map((answer) => answer.json().handoff_id)).size).toBe(1);
    expect(new Set(all.map((answer) => answer.json().url)).size).toBe(1);
    const again = await make(body);
    expect(again.status).toBe(200);
    expect(again.json()).toEqual(all.find((answer) => answer.status === 201).json());
    const other = await make({ ...body, target_table: "prod_catalog.curated.other" });
    expect(other.status).toBe(201);
    expect(other.json().handoff_id).not.toBe(again.json().handoff_id);
    expect(other.json().context.target_table).toBe("prod_catalog.curated.other");
  });

  test("an idempotency key gives the stored answer, and refuses another body", async () => {
    const headers = { "idempotency-key": "hand-1" };
    const body = another();
    const first = await make(body, { headers });
    const second = await make(body, { headers });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expectProblem(await make(another(), { headers }), 409, "idempotency_key_reused");
  });

  test("is read by its id, and its page is there", async () => {
    const made = (await make(session)).json();
    const read = await server.get(`/api/handoffs/${made.handoff_id}`);
    answers.push(read.text);
    expect(read.status).toBe(200);
    expect(read.json()).toMatchObject({
      handoff_id: made.handoff_id,
      url: made.url,
      context: made.context,
      space_id: SPACE,
      conversation_id: CONVERSATION,
      created_by: "open",
      plan_ids: [],
    });
    expect(decodeHandoff(read.json().payload).context).toEqual(made.context);
    expectProblem(await server.get("/api/handoffs/00000000000000000000"), 404, "handoff_not_found");
    expectProblem(await server.get("/api/handoffs/nope"), 400, "id_malformed");
    const page = await server.get(`/h/${made.handoff_id}`);
    expect(page.status).toBe(200);
    expect(page.headers["content-type"]).toContain("text/html");
  });

  test("takes only the messages that are asked for", async () => {
    const messages = (
      await server.get(`/api/genie/spaces/${SPACE}/conversations/${CONVERSATION}/messages?page_size=100`)
    ).json().messages;
    const second = messages.sort((a, b) => a.created_timestamp - b.created_timestamp)[1];
    const answer = await make({ ...session, message_ids: [second.message_id, NOBODY] });
    expect(answer.status).toBe(201);
    expect(answer.json().context.exploration_queries).toHaveLength(1);
    expect(answer.json().context.user_intent).toBe("");
    expect(codes(answer)).toEqual(expect.arrayContaining(["messages_missing", "intent_missing"]));
    expect(answer.json().readiness.ready).toBe(false);
    expectProblem(await make({ ...session, message_ids: [NOBODY] }), 404, "message_not_found");
  });
});

describe("a link that is too long for an address", () => {
  test("is replaced by a short one, and the handoff has everything", async () => {
    // Names that no compression shortens.
    const columns = Array.from({ length: 600 }, (_, position) => ({
      name: `c_${createHash("sha256").update(`column ${position}`).digest("hex").slice(0, 40)}`,
      type_text: "string",
      type_name: "STRING",
      position,
      nullable: true,
    }));
    await upstream.control("POST", `/tables/${EVENTS}`, { columns });
    try {
      const answer = await make(another());
      expect(answer.status, answer.text).toBe(201);
      const made = answer.json();
      expect(made.url).toBe(`${server.url}/h/${made.handoff_id}`);
      expect(made.context.validated_columns[EVENTS]).toEqual(columns.map(({ name }) => name));
      expect(codes(answer)).not.toContain("link_too_long");
      // What the page behind the short link reads: all of it, signed.
      const read = await server.get(`/api/handoffs/${made.handoff_id}`);
      answers.push(read.text);
      const { url, payload } = read.json();
      expect(url).toBe(made.url);
      expect(payload.length).toBeGreaterThan(8000);
      const { signature, context } = decodeHandoff(payload);
      expect(context).toEqual(made.context);
      const { keys } = (await server.get("/.well-known/genie-handoff.json")).json();
      expect(await verifyHandoff(signature, { keys, host: new URL(server.url).host })).toBe("valid");
      expect((await server.get(`/h/${made.handoff_id}`)).headers["content-type"]).toContain("text/html");
      // It is checked as any other, by its payload.
      const checked = await post("/api/handoffs/validate", { context: made.context });
      expect(checked.status, checked.text).toBe(200);
    } finally {
      await upstream.control("POST", "/reset");
    }
  });
});

describe("other sessions", () => {
  test("messages without an answer are left out", async () => {
    const answer = await make({ space_id: SPACE, conversation_id: LIVE });
    expect(answer.status, answer.text).toBe(201);
    expect(codes(answer)).toContain("messages_without_answer");
  });

  test("a conversation of 230 messages is read whole, and stays a short link", async () => {
    const list = await server.get(`/api/genie/spaces/${RETAIL}/conversations?page_size=100`);
    const ids = list.json().conversations.map((conversation) => conversation.conversation_id);
    let long;
    await upstream.forget();
    for (const id of ids.slice(0, 6)) {
      const answer = await make({ space_id: RETAIL, conversation_id: id, user_intent: "Load orders daily" });
      expect(answer.status, answer.text).toBe(201);
      if (answer.json().context.exploration_summary.queries_run === 230) long = answer.json();
    }
    expect(long).toBeDefined();
    expect(long.context.exploration_queries).toHaveLength(1);
    expect(long.context.validated_tables).toEqual(["retail-emea.sales.orders"]);
    expect(long.url.length).toBeLessThan(2000);
  });

  test("without a conversation it is of the space alone, as the canvas asks for it", async () => {
    const answer = await make({ space_id: SPACE, user_intent: "Load new events daily" });
    expect(answer.status, answer.text).toBe(201);
    const { context } = answer.json();
    expect(context).toMatchObject({ genie_session_id: "", user_intent: "Load new events daily" });
    expect(context.validated_tables).toContain(EVENTS);
    expect(context.column_types[EVENTS].event_ts).toBe("timestamp");
    expect(codes(answer)).toEqual(expect.arrayContaining(["tables_from_space", "session_missing"]));
    expect(answer.json().readiness.ready).toBe(true);
  });

  test("what is not there or may not be seen is 404", async () => {
    expectProblem(
      await make({ space_id: HIDDEN, conversation_id: CONVERSATION }),
      404,
      "conversation_not_found",
    );
    expectProblem(await make({ ...session, conversation_id: NOBODY }), 404, "conversation_not_found");
  });

  test("a wrong request asks nothing of Databricks", async () => {
    await upstream.forget();
    for (const [body, status, code] of [
      ["", 400, "body_malformed"],
      ["[]", 400, "body_malformed"],
      ["{", 400, "body_malformed"],
      [{}, 400, "space_id_missing"],
      [{ space_id: "x", conversation_id: CONVERSATION }, 400, "space_id_malformed"],
      [{ space_id: SPACE, conversation_id: "" }, 400, "conversation_id_malformed"],
      [{ ...session, message_ids: [] }, 400, "body_malformed"],
      [{ ...session, message_ids: [7] }, 400, "body_malformed"],
      [{ ...session, user_intent: 7 }, 400, "body_malformed"],
      [{ ...session, user_intent: "x".repeat(70_000) }, 413, "body_too_large"],
    ])
      expectProblem(await make(body), status, code);
    expect(await upstream.requests()).toEqual([]);
    expectProblem(await make({ ...session, target_table: "a.b" }), 422, "handoff_invalid");
    const text = await server.get("/api/handoffs", {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "{}",
    });
    expectProblem(text, 415, "type_unsupported");
    expectProblem(await server.get("/api/handoffs"), 405, "method_unknown");
  });
});

describe("partial trouble", () => {
  const TABLES = "/api/2.1/unity-catalog/tables/";

  test("a table that may not be read is left out and named; it is there when it can be read again", async () => {
    await upstream.fault(
      { kind: "status", status: 403, error_code: "PERMISSION_DENIED" },
      { prefix: TABLES + EVENTS },
    );
    const answer = await make(another());
    expect(answer.status, answer.text).toBe(201);
    expect(codes(answer)).toContain("table_unreadable");
    expect(answer.json().context.validated_tables).not.toContain(EVENTS);
  });

  test("what failed for a moment is made good by asking again", async () => {
    const body = another();
    await upstream.fault({ kind: "status", status: 500 }, { prefix: TABLES + EVENTS });
    const poor = await make(body);
    expect(poor.status).toBe(201);
    expect(codes(poor)).toContain("table_not_checked");
    await upstream.calm();
    const good = await make(body);
    expect(good.status).toBe(200);
    expect(good.json().handoff_id).toBe(poor.json().handoff_id);
    expect(codes(good)).not.toContain("table_not_checked");
    expect(good.json().context.validated_tables).toContain(EVENTS);
  });

  test("429 and lost connections are tried again", async () => {
    await upstream.fault({ kind: "status", status: 429, retry_after: 0 }, { prefix: TABLES, times: 2 });
    const answer = await make(another());
    expect(answer.status).toBe(201);
    expect(codes(answer)).not.toContain("table_not_checked");
    await upstream.fault({ kind: "drop" }, { prefix: TABLES, times: 1 });
    expect(codes(await make(another()))).not.toContain("table_not_checked");
  });

  test("a table that hangs costs its own facts only", async () => {
    const quick = await worker(upstream, { UPSTREAM_TIMEOUT_MS: "400", UPSTREAM_TOTAL_MS: "1500" });
    try {
      await upstream.fault({ kind: "hang" }, { prefix: TABLES + EVENTS });
      const answer = await make(another(), { on: quick });
      expect(answer.status, answer.text).toBe(201);
      expect(codes(answer)).toContain("table_not_checked");
      expect(answer.json().context.validated_tables).toEqual(["prod_catalog.curated.customer_daily"]);
    } finally {
      await quick.stop();
    }
  });

  test("the first page must be there, a later one is named", async () => {
    const messages = `/api/2.0/genie/spaces/${SPACE}/conversations/`;
    await upstream.fault({ kind: "broken_json" }, { prefix: messages });
    expectProblem(await make(another()), 502, "upstream_unreadable");
    await upstream.calm();
    await upstream.fault({ kind: "status", status: 500 }, { prefix: messages });
    expectProblem(await make(another()), 502, "upstream_failed");
  });

  test("what was read before a later page failed is kept, and the rest is there when it can be read", async () => {
    const list = await server.get(`/api/genie/spaces/${RETAIL}/conversations?page_size=100`);
    const prefix = `/api/2.0/genie/spaces/${RETAIL}/conversations/`;
    const ids = list.json().conversations.map((conversation) => conversation.conversation_id);
    const wish = { space_id: RETAIL, user_intent: "Load orders each night" };
    let poor;
    for (const id of ids.slice(0, 6)) {
      await upstream.calm();
      await upstream.control("POST", "/faults", {
        match: { path_prefix: `${prefix}${id}`, path_suffix: "/messages" },
        fault: { kind: "status", status: 500 },
        skip: 1,
      });
      const answer = await make({ ...wish, conversation_id: id });
      expect(answer.status, answer.text).toBe(201);
      if (codes(answer).includes("conversation_incomplete")) poor = { id, answer };
    }
    const { context, issues } = poor.answer.json();
    const read = context.exploration_summary.queries_run;
    expect(read).toBeGreaterThan(10);
    expect(read).toBeLessThan(230);
    const issue = issues.find(({ code }) => code === "conversation_incomplete");
    expect(issue).toMatchObject({ severity: "warning", path: "/exploration_queries" });
    expect(issue.message).toContain("upstream_failed");
    expect(context.validated_tables).toEqual(["retail-emea.sales.orders"]);
    await upstream.calm();
    const good = await make({ ...wish, conversation_id: poor.id });
    expect([200, 201]).toContain(good.status);
    expect(codes(good)).not.toContain("conversation_incomplete");
    expect(good.json().context.exploration_summary.queries_run).toBe(230);
  });

  test("a space that cannot be read is named", async () => {
    await upstream.fault({ kind: "status", status: 500 }, { prefix: "/api/2.0/data-rooms/" });
    const answer = await make(another());
    expect(answer.status, answer.text).toBe(201);
    expect(codes(answer)).toContain("space_unreadable");
    expect(answer.json().context.validated_tables).toContain(EVENTS);
  });
});
