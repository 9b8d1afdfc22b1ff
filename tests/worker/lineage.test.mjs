// From the Genie session to the runs.

import { afterAll, beforeAll, expect, test } from "vitest";
import { CONVERSATION, post, savePlan } from "./deployments.mjs";
import { emulator, expectNoSecret, expectProblem, worker } from "./harness.mjs";

let upstream;
let server;
let plan;
let job;
let runs;

beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream);
  plan = await savePlan(server, { versions: [{}, {}], handoff: { message: null } });
  const path = `/api/plans/${plan.planId}`;
  runs = [];
  for (const version of ["1.0.0", "2.0.0"]) {
    const deployed = await post(server, `${path}/deploy`, { plan_hash: plan.hashes[version], version });
    job = deployed.json().job_id;
    const run = (await post(server, `${path}/runs`, {})).json().run_id;
    await server.get(`${path}/runs/${run}`);
    await upstream.control("POST", `/runs/${run}/advance`, {
      to: "TERMINATED",
      ...(version === "2.0.0" && { result_state: "FAILED" }),
    });
    await server.get(`${path}/runs/${run}`);
    runs.push(run);
  }
});
afterAll(async () => {
  if (server) expectNoSecret(server.logs());
  await server?.stop();
  await upstream?.stop();
});
const lineage = async (query = "") => server.get(`/api/plans/${plan.planId}/lineage${query}`);

test("goes from the session over handoff, version and job to the runs, and over the tables", async () => {
  const answer = await lineage();
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
  expectNoSecret(answer);
  const { nodes, edges, columns } = answer.json();
  const session = `session:${CONVERSATION}`;
  const chain = [
    [session, `handoff:${plan.handoffId}`],
    [`handoff:${plan.handoffId}`, "plan_version:1.0.0"],
    [`handoff:${plan.handoffId}`, "plan_version:2.0.0"],
    ["plan_version:1.0.0", `job:${job}`],
    ["plan_version:2.0.0", `job:${job}`],
    ...runs.map((run) => [`job:${job}`, `run:${run}`]),
    ["table:prod_catalog.raw.customer_events", "plan_version:2.0.0"],
    ["plan_version:2.0.0", "table:prod_catalog.curated.customer_daily"],
  ];
  expect(edges).toHaveLength(chain.length);
  for (const [from, to] of chain) expect(edges).toContainEqual({ from, to });
  const ids = nodes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { from, to } of edges) expect(ids).toEqual(expect.arrayContaining([from, to]));
  const states = Object.fromEntries(nodes.map(({ id, state }) => [id, state]));
  expect(states).toMatchObject({ [`run:${runs[0]}`]: "succeeded", [`run:${runs[1]}`]: "failed" });
  expect(columns).toContainEqual({
    target: "event_id",
    sources: [{ table: "prod_catalog.raw.customer_events", column: "event_id" }],
    how: "identity",
  });
});

test("is told as OpenLineage events", async () => {
  const events = (await lineage("?format=openlineage")).json();
  expect(events.map(({ eventType }) => eventType)).toEqual([undefined, "START", "COMPLETE", "START", "FAIL"]);
  const [made, , done, , failed] = events;
  expect(made.outputs[0].facets.columnLineage.fields.event_id.inputFields[0].field).toBe("event_id");
  expect(done.run.facets.genieHandoff_plan).toMatchObject({ planVersion: "1.0.0", databricksRunId: runs[0] });
  expect(failed.run.facets.errorMessage.message).toMatch(/SQL failed/);
  expect(JSON.stringify(events)).not.toContain("MERGE");
});

test("refuses what it does not know", async () => {
  expectProblem(await lineage("?format=dot"), 400, "query_malformed");
  const nobody = "/api/plans/11111111-1111-4111-8111-111111111111/lineage";
  expectProblem(await server.get(nobody), 404, "plan_not_found");
});
