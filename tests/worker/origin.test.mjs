// Which handoff a plan comes from: from the link to the comment that Genie gets, and never a foreign session's.

import { randomUUID } from "node:crypto";
import { decodeHandoff, init } from "genie-handoff";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { planOf, post, workspace } from "./deployments.mjs";
import { emulator, expectProblem, SPACE, worker } from "./harness.mjs";
import { CONVERSATION } from "./names.mjs";
import { registry } from "./plans.mjs";

/** Another conversation in the same space. */
const LIVE = "01f0ed17c05b1e84b3f2a69d7740e5cc";
const OTHER_SPACE = "01f0b7e21c9a1f3d8e5470a6c2d91b34";
const TAGS = { genie_session_id: CONVERSATION, genie_space_id: SPACE };
let upstream;
let server;
let api;
let take = 0;

beforeAll(async () => {
  await init();
  upstream = await emulator();
  server = await worker(upstream);
  api = registry(server);
});
beforeEach(() => server.databases.DB.prepare("DELETE FROM handoffs").run());
afterAll(async () => {
  await server?.stop();
  await upstream?.stop();
});

/** A handoff of a session; each has an intent of its own, so that each is another. */
async function handoff(more = {}) {
  const body = { space_id: SPACE, conversation_id: CONVERSATION, user_intent: `Load daily, take ${take++}` };
  const answer = await post(server, "/api/handoffs", { ...body, ...more });
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  return answer.json();
}

function planWith(tags, change = () => {}) {
  const plan = planOf(randomUUID());
  plan.plan_metadata.tags = tags;
  change(plan);
  return plan;
}

async function saved(body) {
  const answer = await api.create(body);
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  return { ...answer.json(), etag: answer.headers.etag };
}

const rows = async (sql, ...values) =>
  (
    await server.databases.DB.prepare(sql)
      .bind(...values)
      .all()
  ).results;

/** Deploys a version, runs it to its end and gives what Genie was told under `message`. */
async function told({ plan_id, version, plan_hash }, message) {
  const path = `/api/plans/${plan_id}`;
  const deployed = await post(server, `${path}/deploy`, { version, plan_hash });
  expect({ status: deployed.status, text: deployed.text }).toMatchObject({
    status: expect.toBeOneOf([200, 201]),
  });
  const { run_id } = (await post(server, `${path}/runs`, {})).json();
  await upstream.control("POST", `/runs/${run_id}/advance`, { to: "TERMINATED" });
  const { feedback } = (await server.get(`${path}/runs/${run_id}`)).json();
  const messages = `/api/2.0/genie/spaces/${SPACE}/conversations/${CONVERSATION}/messages`;
  const { comments = [] } = message ? await workspace(upstream, `${messages}/${message}/comments`) : {};
  return { feedback, comments: comments.filter(({ content }) => content.endsWith(`run ${run_id})`)).length };
}

describe("the link that the server gives", () => {
  test("names its handoff, and opens as before", async () => {
    const made = await handoff();
    expect(made.url).toMatch(new RegExp(`#context=[\\w-]+&handoff=${made.handoff_id}$`));
    expect(decodeHandoff(made.url).context).toEqual(made.context);
    // Whoever cuts it off behind `context=` has the payload and more.
    expect(decodeHandoff(made.url.split("#context=")[1]).context).toEqual(made.context);
    expect((await server.get(`/api/handoffs/${made.handoff_id}`)).json().url).toBe(made.url);
    expect(made.url.length).toBeLessThanOrEqual(8000);
  });
});

describe("a plan", () => {
  for (const [name, named] of [
    ["that names its handoff", true],
    ["that names none, if its session has one with its source", false],
  ])
    test(`${name} is told about in its session`, async () => {
      const { handoff_id } = await handoff();
      await handoff({ conversation_id: LIVE });
      const plan = planWith(TAGS);
      const record = await saved(named ? { plan, handoff_id } : plan);
      expect(record.handoff_id).toBe(handoff_id);
      const [version] = (await api.versions(record.plan_id)).json().versions;
      expect(version.handoff_id).toBe(handoff_id);
      const [entry] = (await api.audit(`?plan_id=${record.plan_id}`)).entries;
      expect(entry).toMatchObject({ handoff_id, genie_session: CONVERSATION });
      const { entries } = await api.audit(`?genie_session=${CONVERSATION}&action=plan.create`);
      expect(entries.map(({ plan_id }) => plan_id)).toContain(record.plan_id);
      const { plan_ids } = (await server.get(`/api/handoffs/${handoff_id}`)).json();
      expect(plan_ids).toEqual([record.plan_id]);
      const [{ answer_message_id }] = await rows(
        "SELECT answer_message_id FROM handoffs WHERE handoff_id = ?",
        handoff_id,
      );
      expect(await told(record, answer_message_id)).toEqual({ feedback: "sent", comments: 1 });
    });

  test("that names none has none if more than one fits, or none does", async () => {
    await handoff();
    const elsewhere = planWith(TAGS, (plan) => {
      plan.source = { ...plan.source, table: "never_looked_at" };
    });
    expect((await saved(elsewhere)).handoff_id).toBe(null);
    expect((await saved(planWith({ ...TAGS, genie_session_id: LIVE }))).handoff_id).toBe(null);
    expect((await saved(planWith({ ...TAGS, genie_space_id: OTHER_SPACE }))).handoff_id).toBe(null);
    expect((await saved(planWith({}))).handoff_id).toBe(null);
    await handoff();
    expect((await saved(planWith(TAGS))).handoff_id).toBe(null);
  });

  test("keeps its handoff when it changes, and loses it with its session", async () => {
    const { handoff_id } = await handoff();
    const plan = planWith(TAGS);
    const first = await saved({ plan, handoff_id });
    await handoff();
    plan.plan_metadata.description = "Another";
    const second = await api.change(first.plan_id, plan, first.etag);
    expect(second.json().handoff_id).toBe(handoff_id);
    plan.plan_metadata.tags = {};
    const third = await api.change(first.plan_id, plan, second.headers.etag);
    expect({ status: third.status, ...third.json() }).toMatchObject({ status: 200, handoff_id: null });
    // A version keeps what it was saved with, whatever became of the plan.
    const { versions } = (await api.versions(first.plan_id)).json();
    expect(versions.map((version) => version.handoff_id)).toEqual([null, handoff_id, handoff_id]);
    expect(await told(third.json())).toMatchObject({ feedback: "not_applicable" });
  });

  test("of a version without a handoff tells nothing, though a later one has it", async () => {
    const plan = planWith({});
    const first = await saved(plan);
    const { handoff_id } = await handoff();
    plan.plan_metadata.tags = TAGS;
    const second = await api.change(first.plan_id, { plan, handoff_id }, first.etag);
    expect(second.json().handoff_id).toBe(handoff_id);
    expect(await told(first)).toMatchObject({ feedback: "not_applicable" });
    expect(await told(second.json())).toMatchObject({ feedback: "sent" });
  });

  test("of a space alone needs no session", async () => {
    const { handoff_id } = await handoff({ conversation_id: undefined });
    const plan = planWith({ genie_space_id: SPACE });
    expect((await saved({ plan, handoff_id })).handoff_id).toBe(handoff_id);
    expect((await saved({ plan: planWith({}), handoff_id })).handoff_id).toBe(handoff_id);
  });
});

describe("a handoff of another session", () => {
  const foreign = {
    "another session": { ...TAGS, genie_session_id: LIVE },
    "another space": { ...TAGS, genie_space_id: OTHER_SPACE },
    "no session": { genie_space_id: SPACE },
    "nothing at all": {},
    "an empty session": { ...TAGS, genie_session_id: " " },
    "what looks like a list of sessions": { ...TAGS, genie_session_id: `${CONVERSATION},${LIVE}` },
  };
  for (const [name, tags] of Object.entries(foreign))
    test(`is refused for a plan of ${name}`, async () => {
      const { handoff_id } = await handoff();
      const plan = planWith(tags);
      expectProblem(await api.create({ plan, handoff_id }), 422, "handoff_differs");
      expect(await rows("SELECT 1 FROM plans WHERE plan_id = ?", plan.plan_metadata.plan_id)).toEqual([]);
      // Nor later, be it with a change or without.
      const record = await saved(plan);
      expect(record.handoff_id).toBe(null);
      for (const description of [plan.plan_metadata.description, "changed"]) {
        plan.plan_metadata.description = description;
        const answer = await api.change(record.plan_id, { plan, handoff_id }, record.etag);
        expectProblem(answer, 422, "handoff_differs");
      }
      expect((await api.read(record.plan_id)).json()).toMatchObject({ handoff_id: null, version: "1.0.0" });
    });

  test("is refused when it has no session, and the plan has", async () => {
    const { handoff_id } = await handoff({ conversation_id: undefined });
    expectProblem(await api.create({ plan: planWith(TAGS), handoff_id }), 422, "handoff_differs");
  });

  test("is not told from a link that was tampered with: the content decides", async () => {
    const mine = await handoff();
    const theirs = await handoff({ conversation_id: LIVE });
    const link = mine.url.replace(`&handoff=${mine.handoff_id}`, `&handoff=${theirs.handoff_id}`);
    const { context } = decodeHandoff(link);
    const plan = planWith({ genie_session_id: context.genie_session_id, genie_space_id: context.space_id });
    const named = /&handoff=(\w+)/.exec(link)[1];
    expectProblem(await api.create({ plan, handoff_id: named }), 422, "handoff_differs");
  });
});
