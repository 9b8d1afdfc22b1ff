// Runs of a plan: started once, seen whoever started them, told to Genie at most once.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CONVERSATION, post, savePlan, workspace } from "./deployments.mjs";
import { emulator, expectNoSecret, expectProblem, SPACE, worker } from "./harness.mjs";

let upstream;
let server;

beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream);
});
afterAll(async () => {
  if (server) expectNoSecret(server.logs());
  await server?.stop();
  await upstream?.stop();
});
beforeEach(() => upstream.forget());
afterEach(() => upstream.calm());

const base = (plan) => `/api/plans/${plan.planId}`;
const start = (plan, headers) => post(server, `${base(plan)}/runs`, {}, headers);
const read = async (plan, run) => (await server.get(`${base(plan)}/runs/${run}`)).json();
const runsOf = (job) => workspace(upstream, `/api/2.2/jobs/runs/list?job_id=${job}&limit=25`);

async function deployed(options) {
  const plan = await savePlan(server, options);
  const versions = Object.keys(plan.hashes);
  const version = versions.at(-1);
  const answer = await post(server, `${base(plan)}/deploy`, { plan_hash: plan.hashes[version], version });
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  return { ...plan, job: answer.json().job_id, version };
}

/** A message of the walkthrough's conversation that a comment can be written to. */
async function someMessage() {
  const path = `/api/2.0/genie/spaces/${SPACE}/conversations/${CONVERSATION}/messages`;
  return (await workspace(upstream, path)).messages[0].message_id;
}
const comments = async (message) => {
  const path = `/api/2.0/genie/spaces/${SPACE}/conversations/${CONVERSATION}/messages/${message}/comments`;
  const found = [];
  let token = "";
  do {
    const page = await workspace(upstream, `${path}?page_size=100${token}`);
    found.push(...(page.comments ?? []).map(({ content }) => content));
    token = page.next_page_token ? `&page_token=${encodeURIComponent(page.next_page_token)}` : "";
  } while (token);
  return found;
};
const told = async (message, run) =>
  (await comments(message)).filter((text) => text.endsWith(`(genie-handoff run ${run})`));
const end = (run, more = {}) =>
  upstream.control("POST", `/runs/${run}/advance`, { to: "TERMINATED", ...more });

describe("a run", () => {
  test("goes from waiting to done, with stages and times", async () => {
    const plan = await deployed();
    const answer = await start(plan);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 202 });
    const run = answer.json();
    expect(run).toMatchObject({
      plan_id: plan.planId,
      version: "1.0.0",
      plan_hash: plan.hashes["1.0.0"],
      job_id: plan.job,
      trigger: "manual",
      state: "waiting",
      rows: null,
      feedback: "not_applicable",
    });
    expect(answer.headers.location).toBe(`${base(plan)}/runs/${run.run_id}`);
    const seen = [];
    for (let look = 0; look < 4; look += 1) seen.push(await read(plan, run.run_id));
    expect(seen.map(({ state }) => state)).toEqual(["waiting", "running", "succeeded", "succeeded"]);
    const last = seen.at(-1);
    expect(last.upstream_state).toBe("TERMINATED/SUCCESS");
    expect(last.duration_ms).toBeGreaterThanOrEqual(0);
    expect(Date.parse(last.ended_at)).toBeGreaterThanOrEqual(Date.parse(last.started_at));
    expect(last.stages.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "queue succeeded",
      "load succeeded",
    ]);
    const { runs } = (await server.get(`${base(plan)}/runs`)).json();
    expect(runs).toEqual([last]);
  });

  test("is started once, whatever happens to the reply", async () => {
    for (const fault of [
      { kind: "lost_reply" },
      { kind: "status", status: 503 },
      { kind: "status", status: 429, retry_after: 0 },
      { kind: "broken_json" },
    ]) {
      const plan = await deployed();
      await upstream.fault(fault, { prefix: "/api/2.2/jobs/run-now", times: 1 });
      const answer = await start(plan);
      expect({ fault, status: answer.status }).toEqual({
        fault,
        status: fault.kind === "broken_json" ? 502 : 202,
      });
      if (answer.status !== 202) continue;
      expect((await runsOf(plan.job)).runs.map(({ run_id }) => run_id)).toEqual([answer.json().run_id]);
    }
  });

  test("with the same key is the same run, even if the first request died", async () => {
    const plan = await deployed();
    const key = { "idempotency-key": "run-today" };
    await upstream.fault({ kind: "lost_reply" }, { prefix: "/api/2.2/jobs/run-now", times: 3 });
    const lost = await start(plan, key);
    expectProblem(lost, 503, "upstream_unreachable");
    const first = await start(plan, key);
    const again = await start(plan, key);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.json()).toEqual(first.json());
    expect((await runsOf(plan.job)).runs).toHaveLength(1);
  });

  test("that is asked for while another goes on waits", async () => {
    const plan = await deployed();
    const first = (await start(plan)).json();
    const second = (await start(plan)).json();
    const waiting = await read(plan, second.run_id);
    expect(waiting).toMatchObject({ state: "waiting", upstream_state: "QUEUED" });
    expect(waiting.message).toContain("another run");
    await end(first.run_id);
    expect((await read(plan, first.run_id)).state).toBe("succeeded");
  });

  test("fails with our words, never with the vendor's", async () => {
    const plan = await deployed();
    const run = (await start(plan)).json();
    await end(run.run_id, { result_state: "FAILED", message: "cell value jane.roe@example.com" });
    const failed = await server.get(`${base(plan)}/runs/${run.run_id}`);
    expect(failed.text).not.toContain("jane.roe");
    expect(failed.json()).toMatchObject({
      state: "failed",
      upstream_state: "TERMINATED/RUN_EXECUTION_ERROR",
    });
    expect(failed.json().message).toMatch(/SQL failed/);
  });

  test("can be stopped", async () => {
    const plan = await deployed();
    const run = (await start(plan)).json();
    await upstream.fault({ kind: "lost_reply" }, { prefix: "/api/2.2/jobs/runs/cancel", times: 1 });
    const stopping = await post(server, `${base(plan)}/runs/${run.run_id}/cancel`);
    expect(stopping.status).toBe(202);
    expect(stopping.json().state).toBe("cancelling");
    expect((await read(plan, run.run_id)).state).toBe("cancelling");
    expect((await read(plan, run.run_id)).state).toBe("cancelled");
    expectProblem(await post(server, `${base(plan)}/runs/${run.run_id}/cancel`), 409, "run_has_ended");
  });

  test("that failed can be repaired, also when the reply is lost", async () => {
    const plan = await deployed();
    const run = (await start(plan)).json();
    expectProblem(await post(server, `${base(plan)}/runs/${run.run_id}/repair`), 409, "run_not_repairable");
    await end(run.run_id, { result_state: "FAILED" });
    await upstream.fault({ kind: "lost_reply" }, { prefix: "/api/2.2/jobs/runs/repair", times: 1 });
    const repaired = await post(server, `${base(plan)}/runs/${run.run_id}/repair`);
    expect({ status: repaired.status, text: repaired.text }).toMatchObject({ status: 202 });
    expect(repaired.json()).toMatchObject({ run_id: run.run_id, state: "waiting", trigger: "repair" });
    await end(run.run_id, { result_state: "FAILED" });
    expect((await read(plan, run.run_id)).state).toBe("failed");
    // The second repair names the first.
    expect((await post(server, `${base(plan)}/runs/${run.run_id}/repair`)).status).toBe(202);
    await end(run.run_id);
    expect((await read(plan, run.run_id)).state).toBe("succeeded");
    const repairs = (await upstream.requests()).filter(({ path }) => path.endsWith("/runs/repair"));
    expect(repairs).toHaveLength(2);
  });

  test("of nobody is not there", async () => {
    const plan = await deployed();
    const other = await deployed();
    const run = (await start(other)).json().run_id;
    for (const [id, status, code] of [
      ["1", 404, "run_not_found"],
      [run, 404, "run_not_found"],
      ["x", 400, "id_malformed"],
      ["0", 400, "id_malformed"],
    ]) {
      expectProblem(await server.get(`${base(plan)}/runs/${id}`), status, code);
      expectProblem(await post(server, `${base(plan)}/runs/${id}/cancel`), status, code);
    }
    expectProblem(await start(await savePlan(server)), 409, "not_deployed");
    expectProblem(await post(server, `${base(plan)}/runs`, { x: 1 }), 400, "body_malformed");
  });
});

describe("runs that we did not start", () => {
  test("are found by the clock, with the version that they ran", async () => {
    const plan = await deployed({ versions: [{}, {}] });
    const { run_id: newer } = await upstream.control("POST", `/jobs/${plan.job}/fire`);
    await end(newer);
    const older = await post(server, `${base(plan)}/deploy`, {
      plan_hash: plan.hashes["1.0.0"],
      version: "1.0.0",
    });
    expect(older.status).toBe(200);
    const { run_id: latest } = await upstream.control("POST", `/jobs/${plan.job}/fire`);
    // Plans take turns; this one has not been looked at yet, as others have not.
    let results = [];
    for (let ticks = 0; results.length === 0 && ticks < 5; ticks += 1) {
      await server.tick();
      ({ results } = await server.databases.DB.prepare(
        "SELECT run_id, version, plan_hash, trigger, state FROM runs WHERE plan_id = ? ORDER BY queued_at, run_id",
      )
        .bind(plan.planId)
        .all());
    }
    expect(results).toEqual([
      expect.objectContaining({
        version: "2.0.0",
        plan_hash: plan.hashes["2.0.0"],
        trigger: "schedule",
        state: "succeeded",
      }),
      expect.objectContaining({
        version: "1.0.0",
        plan_hash: plan.hashes["1.0.0"],
        trigger: "schedule",
        state: "waiting",
      }),
    ]);
    expect(results.map(({ run_id }) => run_id)).toEqual([newer, latest]);
    await end(latest);
    await server.tick();
    expect((await read(plan, latest)).state).toBe("succeeded");
  });

  test("are in the list at once", async () => {
    const plan = await deployed();
    await upstream.control("POST", `/jobs/${plan.job}/fire`);
    const { runs } = (await server.get(`${base(plan)}/runs`)).json();
    expect(runs).toMatchObject([{ trigger: "schedule", state: "waiting" }]);
    await upstream.fault({ kind: "status", status: 500 }, { prefix: "/api/2.2/jobs/runs/list" });
    const known = (await server.get(`${base(plan)}/runs`)).json();
    expect(known.runs).toEqual(runs);
  });

  test("cost a bounded number of calls, and all plans get their turn", async () => {
    const plans = [];
    for (let index = 0; index < 10; index += 1) plans.push(await deployed());
    for (const { job } of plans) await upstream.control("POST", `/jobs/${job}/fire`);
    const missing = async () => {
      const { results } = await server.databases.DB.prepare("SELECT DISTINCT plan_id FROM runs").all();
      const found = new Set(results.map(({ plan_id }) => plan_id));
      return plans.filter(({ planId }) => !found.has(planId)).length;
    };
    let ticks = 0;
    while ((await missing()) > 0) {
      ticks += 1;
      expect(ticks).toBeLessThan(12);
      await upstream.forget();
      await server.tick();
      expect((await upstream.requests()).length).toBeLessThanOrEqual(24);
    }
    expect(ticks).toBeGreaterThan(1);
  });
});

describe("telling Genie", () => {
  test("happens once, with the rows when the target's history has them", async () => {
    const message = await someMessage();
    const plan = await deployed({ handoff: { message } });
    const run = (await start(plan)).json();
    expect(run.feedback).toBe("pending");
    const began = Date.now();
    await read(plan, run.run_id);
    await upstream.control("POST", "/statements/scripts", {
      contains: "DESCRIBE HISTORY `prod_catalog`.`curated`.`customer_daily`",
      answer: {
        columns: [
          ["version", "STRING"],
          ["at", "STRING"],
          ["operation", "STRING"],
          ["metrics", "STRING"],
        ],
        rows: Array.from({ length: 1 }, () => [
          "12",
          String(began),
          "MERGE",
          JSON.stringify({
            numTargetRowsInserted: "7",
            numTargetRowsUpdated: "2",
            numTargetRowsDeleted: "0",
          }),
        ]),
      },
    });
    await end(run.run_id);
    const ended = await read(plan, run.run_id);
    expect(ended).toMatchObject({ state: "succeeded", feedback: "sent" });
    expect(ended.rows).toEqual({ inserted: "7", updated: "2", deleted: "0", affected: "9" });
    const texts = await told(message, run.run_id);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain("customer_daily loaded prod_catalog.curated.customer_daily, version 1.0.0");
    expect(texts[0]).toContain("Rows: 7 inserted, 2 updated, 0 deleted.");
    await Promise.all([read(plan, run.run_id), server.tick(), read(plan, run.run_id), server.tick()]);
    expect(await told(message, run.run_id)).toHaveLength(1);
    await upstream.control("DELETE", "/statements/scripts");
  });

  test("happens once, however many see the end of a run at the same time", async () => {
    const message = await someMessage();
    const plan = await deployed({ handoff: { message } });
    const { run_id: run } = (await start(plan)).json();
    await read(plan, run);
    await end(run);
    // The comment takes its time, so that all of them are there before it is.
    await upstream.control("POST", "/faults", {
      match: { method: "POST", path_suffix: "/comments" },
      fault: { kind: "latency", ms: 500 },
    });
    await Promise.all([...Array.from({ length: 6 }, () => read(plan, run)), server.tick()]);
    await upstream.calm();
    expect(await told(message, run)).toHaveLength(1);
    expect((await read(plan, run)).feedback).toBe("sent");
  });

  for (const [name, fault] of [
    ["a lost reply", { kind: "lost_reply" }],
    ["an unavailable service", { kind: "status", status: 503 }],
    ["a limit", { kind: "status", status: 429 }],
  ]) {
    test(`survives ${name}`, async () => {
      const message = await someMessage();
      const plan = await deployed({ handoff: { message } });
      const run = (await start(plan)).json();
      await end(run.run_id, { result_state: "FAILED" });
      await upstream.fault(fault, { prefix: `/api/2.0/genie/spaces/${SPACE}/conversations`, times: 1 });
      expect((await read(plan, run.run_id)).feedback).toBe("pending");
      // The time of the claim passes.
      await server.databases.DB.prepare("UPDATE runs SET feedback_claim_until = '2020' WHERE run_id = ?")
        .bind(run.run_id)
        .run();
      await server.tick();
      expect((await read(plan, run.run_id)).feedback).toBe("sent");
      const texts = await told(message, run.run_id);
      expect(texts).toHaveLength(1);
      expect(texts[0]).toContain("failed to load");
    });
  }

  test("can be refused, and can be switched off", async () => {
    const message = await someMessage();
    const plan = await deployed({ handoff: { message } });
    const run = (await start(plan)).json();
    await end(run.run_id);
    await upstream.fault({ kind: "status", status: 403 }, { prefix: `/api/2.0/genie/spaces/${SPACE}` });
    expect((await read(plan, run.run_id)).feedback).toBe("failed");
    await upstream.calm();
    const quiet = await worker(upstream, { FEEDBACK_TO_GENIE: "0" });
    try {
      const silent = await savePlan(quiet, { handoff: { message } });
      const hash = silent.hashes["1.0.0"];
      await post(quiet, `${base(silent)}/deploy`, { plan_hash: hash, version: "1.0.0" });
      const off = (await post(quiet, `${base(silent)}/runs`, {})).json();
      expect(off.feedback).toBe("off");
      await end(off.run_id);
      await quiet.get(`${base(silent)}/runs/${off.run_id}`);
      await quiet.tick();
      expect(await told(message, off.run_id)).toEqual([]);
    } finally {
      await quiet.stop();
    }
  });
});
