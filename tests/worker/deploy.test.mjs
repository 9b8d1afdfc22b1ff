// One job per plan, whatever happens on the way.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fileText, jobsOf, planOf, post, savePlan, workspace } from "./deployments.mjs";
import { emulator, expectNoSecret, expectProblem, worker } from "./harness.mjs";

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

const deploy = ({ planId, hashes }, version = "1.0.0", more = {}, headers = {}) =>
  post(server, `/api/plans/${planId}/deploy`, { plan_hash: hashes[version], version, ...more }, headers);

/** The only job of the plan; fails when there is none or more than one. */
async function onlyJob(planId) {
  const jobs = await jobsOf(upstream, planId);
  expect(jobs.map((job) => job.job_id)).toHaveLength(1);
  return jobs[0];
}

async function expectRight(plan, version = "1.0.0") {
  const job = await onlyJob(plan.planId);
  expect(job.settings.tags).toMatchObject({
    managed_by: "genie-handoff",
    plan_id: plan.planId,
    plan_version: version,
    plan_hash: plan.hashes[version],
  });
  const path = job.settings.tasks[0].sql_task.file.path;
  const text = await fileText(upstream, path);
  expect(text).toContain(`-- plan version: ${version}\n`);
  return { job, text, path };
}

describe("a deployment", () => {
  test("makes the job that the plan describes", async () => {
    const plan = await savePlan(server, { handoff: { message: null } });
    const answer = await deploy(plan);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
    const deployment = answer.json();
    const { job, text, path } = await expectRight(plan);
    expect(deployment).toMatchObject({
      plan_id: plan.planId,
      version: "1.0.0",
      plan_hash: plan.hashes["1.0.0"],
      job_id: job.job_id,
      file_path: path,
      state: "deployed",
      created: true,
      run_as: "grace.hopper@example.com",
      schedule: { quartz: "0 15 6 * * ?", timezone: "Europe/Berlin", paused: false },
      deployed_by: "open",
    });
    expect(deployment.schedule.words).toMatch(/06:15/);
    expect(deployment.job_url).toBe(`${upstream.url}/jobs/${job.job_id}`);
    expect(job.settings).toMatchObject({
      max_concurrent_runs: 1,
      queue: { enabled: true },
      schedule: {
        quartz_cron_expression: "0 15 6 * * ?",
        timezone_id: "Europe/Berlin",
        pause_status: "UNPAUSED",
      },
      email_notifications: { on_failure: ["ada@example.com"] },
      tags: { handoff_id: plan.handoffId, genie_session_id: "01f0eca4a1c81d3f9e7b2c6d5f8091aa" },
    });
    expect(job.settings.tasks).toHaveLength(1);
    expect(job.settings.tasks[0]).toMatchObject({
      timeout_seconds: 1800,
      max_retries: 2,
      min_retry_interval_millis: 60_000,
    });
    expect(text).toMatch(/MERGE INTO `prod_catalog`.`curated`.`customer_daily`/);
    // Checks first, then the load: a run stops where the plan says it should.
    expect(text.indexOf("raise_error")).toBeLessThan(text.indexOf("MERGE INTO"));
    const names = deployment.steps.map((step) => step.name);
    expect(names).toEqual(expect.arrayContaining(["file", "find", "create", "update"]));
    for (const step of deployment.steps) expect(["done", "skipped"]).toContain(step.state);
    const list = (await server.get(`/api/plans/${plan.planId}/deployments`)).json().deployments;
    expect(list).toEqual([deployment]);
  });

  test("again changes nothing and makes no second job", async () => {
    const plan = await savePlan(server);
    const first = (await deploy(plan)).json();
    await upstream.forget();
    const again = await deploy(plan);
    expect(again.status).toBe(200);
    expect(again.json()).toMatchObject({ job_id: first.job_id, created: false, state: "deployed" });
    const writes = (await upstream.requests()).filter(({ path }) => /jobs\/(create|reset|update)/.test(path));
    expect(writes).toEqual([]);
    await expectRight(plan);
  });

  test("with the same key gives the stored answer", async () => {
    const plan = await savePlan(server);
    const key = { "idempotency-key": "deploy-1" };
    const first = await deploy(plan, "1.0.0", {}, key);
    await upstream.forget();
    const again = await deploy(plan, "1.0.0", {}, key);
    expect({ status: again.status, body: again.json() }).toEqual({ status: 201, body: first.json() });
    expect(await upstream.requests()).toEqual([]);
    expectProblem(await deploy(plan, "1.0.0", { paused: true }, key), 409, "idempotency_key_reused");
  });

  test("of a newer and then of an older version moves the one job", async () => {
    const faster = {
      schedule: { type: "cron", cron_expression: "0 0 * * * ?", timezone: "UTC", enabled: true },
    };
    const renamed = planOf("").plan_metadata;
    const plan = await savePlan(server, {
      versions: [{}, faster, { ...faster, plan_metadata: { ...renamed, plan_name: "clients_daily" } }],
    });
    // The document carries the id it is stored under.
    const first = (await deploy(plan)).json();
    for (const version of ["2.0.0", "3.0.0", "1.0.0"]) {
      const answer = await deploy(plan, version);
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
      expect(answer.json()).toMatchObject({ job_id: first.job_id, version, created: false });
      await expectRight(plan, version);
    }
    expect((await onlyJob(plan.planId)).settings.schedule.timezone_id).toBe("Europe/Berlin");
    const list = (await server.get(`/api/plans/${plan.planId}/deployments`)).json().deployments;
    expect(list.map(({ version }) => version)).toEqual(["1.0.0", "3.0.0", "2.0.0", "1.0.0"]);
  });

  test("is refused for what was not reviewed", async () => {
    const plan = await savePlan(server, { versions: [{}, {}] });
    const path = `/api/plans/${plan.planId}/deploy`;
    const hash = plan.hashes["1.0.0"];
    expectProblem(await post(server, path, { plan_hash: hash, version: "2.0.0" }), 409, "plan_hash_stale");
    expectProblem(await post(server, path, { plan_hash: hash, version: "9.0.0" }), 404, "version_not_found");
    const nobody = "/api/plans/11111111-1111-4111-8111-111111111111/deploy";
    expectProblem(await post(server, nobody, { plan_hash: hash, version: "1.0.0" }), 404, "plan_not_found");
    for (const body of [
      {},
      { plan_hash: hash },
      { plan_hash: hash, version: 1 },
      { plan_hash: hash, version: "1.0.0", x: 1 },
      [],
    ]) {
      expectProblem(await post(server, path, body), 400, "body_malformed");
    }
    expectProblem(
      await server.get(path, { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" }),
      415,
      "type_unsupported",
    );
    expectProblem(await server.get(path), 405, "method_unknown");
    expect(await upstream.requests()).toEqual([]);
    await server.databases.DB.prepare("UPDATE plans SET state = 'archived' WHERE plan_id = ?")
      .bind(plan.planId)
      .run();
    expectProblem(await deploy(plan), 409, "plan_is_archived");
    const broken = await savePlan(server, { plan: { execution_config: {} } });
    const invalid = expectProblem(await deploy(broken), 422, "plan_invalid");
    expect(invalid.issues.map(({ path }) => path)).toContain("/execution_config/warehouse_id");
    expect(await jobsOf(upstream, plan.planId)).toEqual([]);
  });

  test("undoes what somebody has changed by hand", async () => {
    const plan = await savePlan(server);
    const { job_id } = (await deploy(plan)).json();
    await workspace(upstream, "/api/2.2/jobs/update", {
      job_id,
      new_settings: { max_concurrent_runs: 7, tags: {} },
    });
    expect((await deploy(plan)).status).toBe(200);
    const { job } = await expectRight(plan);
    expect([job.job_id, job.settings.max_concurrent_runs]).toEqual([job_id, 1]);
    await workspace(upstream, "/api/2.2/jobs/delete", { job_id });
    const remade = (await deploy(plan)).json();
    expect(remade.created).toBe(true);
    expect(remade.job_id).not.toBe(job_id);
    await expectRight(plan);
  });
});

describe("permissions", () => {
  test("are checked right before, and what is missing is named", async () => {
    const plan = await savePlan(server, {
      plan: {
        source: { catalog: "prod_catalog", schema: "raw", table: "no_such_table", columns: ["event_id"] },
      },
    });
    const problem = expectProblem(await deploy(plan), 422, "permissions_missing");
    expect(problem.checks.length).toBeGreaterThan(0);
    for (const check of problem.checks) expect(check.state).toBe("missing");
    expect(await jobsOf(upstream, plan.planId)).toEqual([]);
    const { results } = await server.databases.DB.prepare("SELECT lease FROM plan_jobs WHERE plan_id = ?")
      .bind(plan.planId)
      .all();
    expect(results).toEqual([{ lease: null }]);
  });
});

describe("trouble on the way", () => {
  const writes = [
    "/api/2.0/workspace/mkdirs",
    "/api/2.0/workspace/import",
    "/api/2.2/jobs/create",
    "/api/2.2/jobs/reset",
  ];
  const kinds = [
    ["a lost reply", { kind: "lost_reply" }],
    ["a limit", { kind: "status", status: 429, retry_after: 0 }],
    ["an unavailable service", { kind: "status", status: 503 }],
    ["a broken answer", { kind: "broken_json" }],
    ["a page for people", { kind: "html" }],
    ["a gateway error", { kind: "status", status: 502 }],
  ];
  for (const [name, fault] of kinds) {
    for (const prefix of writes) {
      test(`${name} at ${prefix.split("/").at(-1)} leaves one job`, async () => {
        const plan = await savePlan(server);
        await upstream.fault(fault, { prefix, times: 1 });
        const answer = await deploy(plan);
        expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
        await expectRight(plan);
      });
    }
  }

  describe("silence", () => {
    let quick;
    beforeAll(async () => {
      quick = await worker(upstream, { UPSTREAM_TIMEOUT_MS: "400", UPSTREAM_TOTAL_MS: "3000" });
    });
    afterAll(() => quick?.stop());
    for (const after of ["request", "headers"]) {
      for (const prefix of writes) {
        test(`${after === "request" ? "before" : "after"} the work at ${prefix.split("/").at(-1)} leaves one job`, async () => {
          const plan = await savePlan(quick);
          await upstream.fault({ kind: "hang", after }, { prefix, times: 1 });
          const body = { plan_hash: plan.hashes["1.0.0"], version: "1.0.0" };
          const answer = await post(quick, `/api/plans/${plan.planId}/deploy`, body);
          expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
          await expectRight(plan);
        });
      }
    }
  });

  test("every reply of the Jobs API lost twice", async () => {
    const plan = await savePlan(server);
    for (const prefix of ["/api/2.2/jobs/create", "/api/2.2/jobs/reset", "/api/2.2/jobs/list"]) {
      await upstream.fault({ kind: "lost_reply" }, { prefix, times: 2 });
    }
    const answer = await deploy(plan);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
    await expectRight(plan);
  });

  test("a job that was made and never answered is found by the next deployment", async () => {
    const plan = await savePlan(server);
    await upstream.fault({ kind: "lost_reply" }, { prefix: "/api/2.2/jobs/create", times: 1 });
    await upstream.fault({ kind: "status", status: 500 }, { prefix: "/api/2.2/jobs/list" });
    const broken = await deploy(plan);
    expect(broken.status).toBe(502);
    expectNoSecret(broken);
    const failed = (await server.get(`/api/plans/${plan.planId}/deployments`)).json().deployments;
    expect(failed).toMatchObject([{ state: "failed", job_id: null }]);
    await upstream.calm();
    const before = await onlyJob(plan.planId).catch(() => undefined);
    const answer = await deploy(plan);
    expect(answer.status).toBe(201);
    const { job } = await expectRight(plan);
    if (before) expect(job.job_id).toBe(before.job_id);
  });

  test("a refusal is told and can be repeated", async () => {
    const plan = await savePlan(server);
    await upstream.fault({ kind: "status", status: 403 }, { prefix: "/api/2.2/jobs/create" });
    const problem = expectProblem(await deploy(plan), 502, "upstream_refused_us");
    expect(problem.detail).toContain("`create`");
    await upstream.calm();
    expect((await deploy(plan)).status).toBe(201);
    await expectRight(plan);
  });

  test("a workspace that asks for patience gets it at once", async () => {
    const plan = await savePlan(server);
    await upstream.fault(
      { kind: "status", status: 429, retry_after: 60 },
      { prefix: "/api/2.2/jobs/create" },
    );
    const problem = expectProblem(await deploy(plan), 429, "upstream_busy");
    expect(problem.retry_after).toBe(60);
    expect(await jobsOf(upstream, plan.planId)).toEqual([]);
  });

  test("a duplicate that came late is removed", async () => {
    const plan = await savePlan(server);
    const { job_id } = (await deploy(plan)).json();
    const { settings } = await onlyJob(plan.planId);
    await workspace(upstream, "/api/2.2/jobs/create", settings);
    expect(await jobsOf(upstream, plan.planId)).toHaveLength(2);
    const answer = await deploy(plan);
    expect(answer.json().job_id).toBe(job_id);
    expect((await onlyJob(plan.planId)).job_id).toBe(job_id);
  });

  test("fifty deployments at once, with trouble, leave one job of the right version", async () => {
    const plan = await savePlan(server, { versions: [{}, {}] });
    await upstream.fault({ kind: "lost_reply" }, { prefix: "/api/2.2/jobs/create", times: 1 });
    await upstream.fault({ kind: "status", status: 503 }, { prefix: "/api/2.2/jobs/reset", times: 1 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => deploy(plan, "2.0.0")));
    const statuses = answers.map(({ status }) => status);
    expect([...new Set(statuses)].sort()).toEqual([200, 201]);
    const jobs = new Set(answers.map((answer) => answer.json().job_id));
    expect(jobs.size).toBe(1);
    await expectRight(plan, "2.0.0");
    const { deployments } = (await server.get(`/api/plans/${plan.planId}/deployments`)).json();
    expect(deployments.filter(({ state }) => state === "in_progress")).toEqual([]);
  });

  test("two versions at once end with one of them, whole", async () => {
    const plan = await savePlan(server, { versions: [{}, {}] });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => deploy(plan, index % 2 ? "1.0.0" : "2.0.0")),
    );
    for (const { status } of answers) expect([200, 201]).toContain(status);
    const { deployments } = (await server.get(`/api/plans/${plan.planId}/deployments`)).json();
    await expectRight(plan, deployments[0].version);
    const record = await server.databases.DB.prepare("SELECT version, lease FROM plan_jobs WHERE plan_id = ?")
      .bind(plan.planId)
      .first();
    expect(record).toEqual({ version: deployments[0].version, lease: null });
  });
});

describe("pausing", () => {
  test("stops the schedule and starts it again", async () => {
    const plan = await savePlan(server);
    await deploy(plan);
    const path = (what) => `/api/plans/${plan.planId}/${what}`;
    const paused = await post(server, path("pause"));
    expect(paused.status).toBe(200);
    expect(paused.json()).toMatchObject({ state: "paused", schedule: { paused: true } });
    expect((await onlyJob(plan.planId)).settings.schedule.pause_status).toBe("PAUSED");
    expect((await post(server, path("pause"))).status).toBe(200);
    // Another deployment keeps the pause; saying so ends it.
    expect((await deploy(plan)).json().state).toBe("paused");
    expect((await deploy(plan, "1.0.0", { paused: false })).json().state).toBe("deployed");
    await post(server, path("pause"));
    const resumed = await post(server, path("resume"));
    expect(resumed.json()).toMatchObject({ state: "deployed", schedule: { paused: false } });
    expect((await onlyJob(plan.planId)).settings.schedule.pause_status).toBe("UNPAUSED");
  });

  test("survives a lost reply", async () => {
    const plan = await savePlan(server);
    await deploy(plan);
    await upstream.fault({ kind: "lost_reply" }, { prefix: "/api/2.2/jobs/reset", times: 1 });
    expect((await post(server, `/api/plans/${plan.planId}/pause`)).status).toBe(200);
    expect((await onlyJob(plan.planId)).settings.schedule.pause_status).toBe("PAUSED");
  });

  test("needs a job and a schedule", async () => {
    const plan = await savePlan(server, { plan: { schedule: { type: "manual" } } });
    const path = `/api/plans/${plan.planId}/pause`;
    expectProblem(await post(server, path), 409, "not_deployed");
    expect((await deploy(plan)).json().schedule).toBe(null);
    expectProblem(await post(server, path), 409, "no_schedule");
    const nobody = "/api/plans/11111111-1111-4111-8111-111111111111/pause";
    expectProblem(await post(server, nobody), 404, "plan_not_found");
  });
});

describe("undeploying", () => {
  test("leaves no job and no file, also when replies are lost", async () => {
    const plan = await savePlan(server);
    const { file_path } = (await deploy(plan)).json();
    await upstream.fault({ kind: "lost_reply" }, { prefix: "/api/2.2/jobs/delete", times: 1 });
    await upstream.fault({ kind: "lost_reply" }, { prefix: "/api/2.0/workspace/delete", times: 1 });
    const answer = await post(server, `/api/plans/${plan.planId}/undeploy`);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    expect(answer.json().state).toBe("undeployed");
    expect(await jobsOf(upstream, plan.planId)).toEqual([]);
    const status = await workspace(
      upstream,
      `/api/2.0/workspace/get-status?path=${encodeURIComponent(file_path)}`,
    );
    expect(status.error_code).toBe("RESOURCE_DOES_NOT_EXIST");
    // Again is fine, and so is deploying again.
    expect((await post(server, `/api/plans/${plan.planId}/undeploy`)).status).toBe(200);
    expect((await deploy(plan)).status).toBe(201);
    await expectRight(plan);
  });

  test("needs a deployment", async () => {
    const plan = await savePlan(server);
    expectProblem(await post(server, `/api/plans/${plan.planId}/undeploy`), 409, "not_deployed");
  });
});

test("every deployment is in the log before and after", async () => {
  const plan = await savePlan(server, { handoff: { message: null } });
  await deploy(plan);
  await upstream.fault({ kind: "status", status: 403 }, { prefix: "/api/2.2/jobs/reset" });
  await post(server, `/api/plans/${plan.planId}/pause`);
  await upstream.calm();
  await post(server, `/api/plans/${plan.planId}/undeploy`);
  const { results } = await server.databases.DB.prepare(
    "SELECT action, phase, outcome, caller, version, plan_hash, handoff_id, genie_session FROM audit WHERE plan_id = ? ORDER BY seq",
  )
    .bind(plan.planId)
    .all();
  expect(results.map(({ action, phase, outcome }) => `${action} ${phase} ${outcome}`)).toEqual([
    "plan.deploy before started",
    "plan.deploy after ok",
    "plan.pause before started",
    "plan.pause after failed",
    "plan.undeploy before started",
    "plan.undeploy after ok",
  ]);
  expect(results[0]).toMatchObject({
    caller: "open",
    version: "1.0.0",
    plan_hash: plan.hashes["1.0.0"],
    handoff_id: plan.handoffId,
    genie_session: "01f0eca4a1c81d3f9e7b2c6d5f8091aa",
  });
});

test("permissions are checked again before a run, and a workspace that begins anew is no obstacle", async () => {
  const plan = await savePlan(server);
  expect((await deploy(plan)).json().steps[0]).toMatchObject({ name: "permissions", state: "done" });
  await upstream.control("DELETE", "/tables/prod_catalog.raw.customer_events");
  try {
    expectProblem(await post(server, `/api/plans/${plan.planId}/runs`, {}), 422, "permissions_missing");
  } finally {
    await upstream.control("POST", "/reset");
    // Ids begin anew as well: the first job has the id of a job that the registry still knows for another plan.
    const next = await savePlan(server);
    expect((await deploy(next)).status).toBe(201);
    await expectRight(next);
  }
});
