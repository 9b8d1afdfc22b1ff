// The database as a worker at the edge meets it: answers that are lost, other writers in between.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { computedHash } from "../../scripts/lib/audit-chain.mjs";
import { emulator, expectProblem, until, worker } from "./harness.mjs";
import { plan, registry } from "./plans.mjs";

let upstream;
let server;
let api;
beforeAll(async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const out = fileURLToPath(new URL("../../target/plans-with-faults", import.meta.url));
  execFileSync("scripts/build-worker.sh", ["plans", out, "--features", "fault-injection"], {
    cwd: root,
    stdio: "inherit",
  });
  upstream = await emulator();
  server = await worker(upstream, {}, { builds: { plans: out } });
  api = registry(server);
}, 600_000);
afterAll(async () => {
  await server?.stop();
  await upstream?.stop();
});

const fault = async (kind, count) => {
  for (let n = 0; n < count; n++)
    expect((await server.get(`/api/plans/fault_database_${kind}`)).status).toBe(204);
};
const stored = async (id) =>
  (await server.databases.DB.prepare("SELECT version FROM plan_versions WHERE plan_id = ?").bind(id).all())
    .results;

/** A row of another writer, at the end of the chain. */
async function append(database) {
  const head = await database.prepare("SELECT seq, hash FROM audit_head").first();
  const row = {
    seq: head.seq + 1,
    at: new Date().toISOString(),
    action: "plan.other",
    phase: "only",
    outcome: "ok",
    caller: "elsewhere",
    request_id: "r",
    plan_id: null,
    version: null,
    plan_hash: null,
    handoff_id: null,
    genie_session: null,
    detail: {},
    prev_hash: head.hash,
  };
  const values = { ...row, detail: "{}", hash: computedHash(row) };
  const keys = Object.keys(values);
  await database
    .prepare(`INSERT INTO audit (${keys}) VALUES (${keys.map(() => "?")})`)
    .bind(...Object.values(values))
    .run();
}

describe("an answer of the database that is lost", () => {
  test("after the work was done is found again: once stored, once logged, answered as done", async () => {
    const given = plan();
    const id = given.plan_metadata.plan_id;
    await fault("lose", 1);
    const created = await api.create(given);
    expect({ status: created.status, text: created.text }).toMatchObject({ status: 201 });
    given.plan_metadata.description = "other";
    await fault("lose", 1);
    expect((await api.change(id, given, created.headers.etag)).json().version).toBe("1.0.1");
    expect((await stored(id)).map(({ version }) => version).sort()).toEqual(["1.0.0", "1.0.1"]);
    expect((await api.audit(`?plan_id=${id}`)).entries).toHaveLength(2);
    expect(await api.verify()).toMatchObject({ state: "intact" });
  });

  test("before the work was done is tried again", async () => {
    const given = plan();
    await fault("break", 2);
    expect((await api.create(given)).status).toBe(201);
    expect((await api.audit(`?plan_id=${given.plan_metadata.plan_id}`)).entries).toHaveLength(1);
  });

  test("again and again is told, and the key stays free for another try", async () => {
    const given = plan();
    const key = { "idempotency-key": given.plan_metadata.plan_id };
    await fault("break", 3);
    expectProblem(await api.create(given, key), 503, "database_unreachable");
    expect(await stored(given.plan_metadata.plan_id)).toEqual([]);
    expect((await api.create(given, key)).status).toBe(201);
  });
});

describe("another isolate that writes at the same time", () => {
  test("makes the next row follow its own", async () => {
    for (let n = 0; n < 5; n++) {
      await append(server.databases.DB);
      expect((await api.create(plan())).status).toBe(201);
    }
    expect(await api.verify()).toMatchObject({ state: "intact" });
  });

  test("all the time leaves both whole", async () => {
    let writing = true;
    let others = 0;
    const other = (async () => {
      while (writing) {
        await append(server.databases.DB).then(
          () => {
            others += 1;
          },
          (error) => expect(error.message).toMatch(/audit/),
        );
      }
    })();
    // Until the other one has come between often enough; it needs two calls where the worker needs one.
    await until(async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => api.create(plan())));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
      return others >= 3;
    }, "writes of the other");
    writing = false;
    await other;
    expect(await api.verify()).toMatchObject({ state: "intact" });
  });
});

describe("a panic in the private worker", () => {
  test.each(["panic_now", "panic_later"])("%s is one failed request and no more", async (panic) => {
    const others = Array.from({ length: 10 }, () => api.create(plan()));
    const broken = await server.get(`/api/plans/fault_${panic}`);
    expectProblem(broken, 500, "internal");
    for (const answer of await Promise.all(others)) expect(answer.status, answer.text).toBe(201);
    for (let n = 0; n < 3; n += 1) expect((await server.get("/api/plans")).status).toBe(200);
    const line = await until(
      () => server.lines().findLast((line) => line.event === "panic"),
      "the panic's log line",
    );
    expect(line.place).toMatch(/^worker\/src\/serve\.rs:\d+$/);
    expect(line.request_id).toBe(broken.headers["x-request-id"]);
    expect(await api.verify()).toMatchObject({ state: "intact" });
  });
});
