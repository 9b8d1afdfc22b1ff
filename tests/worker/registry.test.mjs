// Plans and their versions: every status, two writers at once, pages, search, what is hostile.

import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, worker } from "./harness.mjs";
import { all, json, plan, registry } from "./plans.mjs";

let upstream;
let server;
let api;
beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream);
  api = registry(server);
});
afterAll(async () => {
  if (server) {
    expectNoSecret(server.logs());
    expect(await api.verify()).toMatchObject({ state: "intact", problem: null });
  }
  await server?.stop();
  await upstream?.stop();
});

const rows = async (sql, ...values) => {
  const statement = server.databases.DB.prepare(sql);
  return (await (values.length ? statement.bind(...values) : statement).all()).results;
};
const idOf = (value) => value.plan_metadata.plan_id;

describe("a new plan", () => {
  test("is stored with its first version, and read again", async () => {
    const given = plan();
    const answer = await api.create(given);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
    const record = answer.json();
    expect(answer.headers.location).toBe(`/api/plans/${idOf(given)}`);
    expect(answer.headers.etag).toBe(`"${record.plan_hash}"`);
    expect(record).toMatchObject({
      plan_id: idOf(given),
      version: "1.0.0",
      state: "draft",
      pattern: "MERGE_UPSERT",
      source: "prod_catalog.raw.customers",
      target: "prod_catalog.mart.customers",
      owner: "ada@example.com",
      handoff_id: null,
      created_by: "open",
      updated_by: "open",
      deployment: null,
      plan: given,
    });
    expect(record.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const again = await api.read(idOf(given));
    expect([again.status, again.headers.etag]).toEqual([200, answer.headers.etag]);
    expect(again.json()).toEqual(record);
    const versions = (await api.versions(idOf(given))).json();
    expect(versions).toEqual({
      versions: [
        {
          version: "1.0.0",
          plan_hash: record.plan_hash,
          change: "first",
          created_at: record.created_at,
          created_by: "open",
          note: null,
          handoff_id: null,
        },
      ],
    });
  });

  test("gets what the server can say itself", async () => {
    const given = plan((value) => {
      value.plan_metadata = { plan_name: "bare", owner: "ada@example.com" };
    });
    const record = (await api.create({ plan: given, note: "from the canvas" })).json();
    expect(record.plan_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(record.plan.plan_metadata).toMatchObject({ version: "1.0.0", created_at: record.created_at });
    expect((await api.versions(record.plan_id)).json().versions[0].note).toBe("from the canvas");
  });

  test("may not exist already", async () => {
    const given = plan();
    await api.create(given);
    expectProblem(await api.create(given), 409, "plan_exists");
    given.plan_metadata.plan_id = idOf(given).toUpperCase();
    expectProblem(await api.create(given), 409, "plan_exists");
    expect(
      await rows("SELECT version FROM plan_versions WHERE plan_id = ?", idOf(given).toLowerCase()),
    ).toHaveLength(1);
  });

  test("is refused with every problem that it has", async () => {
    const given = plan((value) => {
      value.plan_metadata.plan_name = "No Spaces";
      value.pattern_config.merge_keys = ["nope"];
      value.source.filter = "1 = 1; DROP TABLE x";
      delete value.execution_config.warehouse_id;
    });
    const problem = expectProblem(await api.create(given), 422, "plan_invalid");
    expect(problem.issues.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "/plan_metadata/plan_name",
        "/pattern_config/merge_keys/0",
        "/source/filter",
        "/execution_config/warehouse_id",
      ]),
    );
    for (const issue of problem.issues)
      expect(Object.keys(issue).sort()).toEqual(["code", "help", "message", "path", "severity"]);
    expect(await rows("SELECT 1 FROM plans WHERE plan_id = ?", idOf(given))).toEqual([]);
  });

  test("names a handoff that exists", async () => {
    expectProblem(await api.create({ plan: plan(), handoff_id: "a".repeat(20) }), 404, "handoff_not_found");
  });
});

describe("hostile and huge bodies", () => {
  test("are refused with a reason and store nothing", async () => {
    const before = await rows("SELECT count(*) AS n FROM plans");
    for (const body of [
      "",
      "[]",
      "null",
      "7",
      "{",
      "{}",
      '{"plan": []}',
      '{"plan": {}, "plan": {}}',
      "\ud800",
    ])
      expectProblem(await api.create(body), 400, "body_malformed");
    expectProblem(await api.create({ plan: plan(), more: 1 }), 400, "body_malformed");
    expectProblem(await api.create({ plan: plan(), note: "x".repeat(501) }), 400, "body_malformed");
    expectProblem(await api.create({ plan: plan(), note: 7 }), 400, "body_malformed");
    expectProblem(await api.create("[".repeat(200_000)), 400, "body_malformed");
    expectProblem(await api.create(`{"x":"${"x".repeat(1_200_000)}"}`), 413, "body_too_large");
    expectProblem(await api.create(`{"x":"${"x".repeat(1_060_000)}"}`), 413, "body_too_large");
    const untyped = await server.get("/api/plans", { method: "POST", body: JSON.stringify(plan()) });
    expectProblem(untyped, 415, "type_unsupported");
    expect(await rows("SELECT count(*) AS n FROM plans")).toEqual(before);
  });

  test("of a plan come back as they were sent", async () => {
    const hostile = "'; DROP TABLE plans; -- \u202e<script>\"\\ 💥 %_";
    const given = plan((value) => {
      value.plan_metadata.description = hostile;
      value.plan_metadata.tags = { "'); DELETE FROM audit; --": "%' OR 1=1" };
    });
    const answer = await api.create({ plan: given, note: hostile });
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
    expect((await api.read(idOf(given))).json().plan).toEqual(given);
    expect((await api.versions(idOf(given))).json().versions[0].note).toBe(hostile);
    expect((await api.list(`?q=${encodeURIComponent("drop table plans")}`)).plans).toHaveLength(1);
  });

  test("with thousands of columns are stored whole", async () => {
    const given = plan((value) => {
      value.source.columns = [
        "id",
        ...Array.from({ length: 5000 }, (_, n) => `column_with_a_long_name_${n}`),
      ];
    });
    expect((await api.create(given)).status).toBe(201);
    expect((await api.read(idOf(given))).json().plan).toEqual(given);
  });
});

describe("a change", () => {
  test("makes a version by its kind and never touches an older one", async () => {
    const given = plan();
    const first = (await api.create(given)).json();
    let etag = `"${first.plan_hash}"`;
    const expected = [["1.0.0", "first"]];
    for (const [alter, version, kind] of [
      [(value) => (value.plan_metadata.description = "other"), "1.0.1", "patch"],
      [(value) => value.source.columns.push("age"), "1.1.0", "minor"],
      [(value) => (value.execution_config.max_retries = 1), "1.1.1", "patch"],
      [(value) => (value.target.table = "clients"), "2.0.0", "major"],
    ]) {
      alter(given);
      const answer = await api.change(idOf(given), given, etag);
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
      const record = answer.json();
      expect(record.version).toBe(version);
      expect(record.plan.plan_metadata.version).toBe(version);
      expect(answer.headers.etag).toBe(`"${record.plan_hash}"`);
      etag = answer.headers.etag;
      expected.unshift([version, kind]);
    }
    const { versions } = (await api.versions(idOf(given))).json();
    expect(versions.map(({ version, change }) => [version, change])).toEqual(expected);
    const old = await server.get(`/api/plans/${idOf(given)}/versions/1.0.0`);
    expect(old.headers.etag).toBe(`"${first.plan_hash}"`);
    expect(old.json()).toMatchObject({ version: "1.0.0", change: "first", plan: first.plan });
    await expect(rows("UPDATE plan_versions SET plan = '{}'")).rejects.toThrow("never changes");
    await expect(rows("DELETE FROM plan_versions")).rejects.toThrow("never deleted");
    await expect(rows("DELETE FROM plans")).rejects.toThrow("archived");
  });

  test("that changes nothing makes no version and no audit row", async () => {
    const given = plan();
    const { plan_hash, version } = (await api.create(given)).json();
    const before = await api.audit("?page_size=1");
    given.plan_metadata.version = "7.7.7";
    const answer = await api.change(idOf(given), JSON.stringify(given, null, 3), `"${plan_hash}"`);
    expect(answer.json()).toMatchObject({ version, plan_hash });
    expect(await api.audit("?page_size=1")).toEqual(before);
  });

  test("names the state that it changes", async () => {
    const given = plan();
    const { plan_hash } = (await api.create(given)).json();
    given.plan_metadata.description = "other";
    expectProblem(await api.change(idOf(given), given), 412, "etag_missing");
    expectProblem(await api.change(idOf(given), given, '"0"'), 412, "etag_stale");
    expectProblem(await api.change(idOf(given), given, `W/"${plan_hash}"`), 412, "etag_stale");
    expect((await api.change(idOf(given), given, `"${plan_hash}"`)).status).toBe(200);
    expectProblem(await api.change(idOf(given), given, `"${plan_hash}"`), 412, "etag_stale");
    expect((await api.change(idOf(given), given, "*")).status).toBe(200);
  });

  test("keeps the plan's id and stays valid", async () => {
    const given = plan();
    await api.create(given);
    const { issues } = expectProblem(await api.change(idOf(given), plan(), "*"), 422, "plan_invalid");
    expect(issues[0].code).toBe("plan_id_differs");
    given.pattern.type = "NOPE";
    expectProblem(await api.change(idOf(given), given, "*"), 422, "plan_invalid");
  });
});

describe("two writers at once", () => {
  test("of one plan: one wins, the others hear it, nothing is half written", async () => {
    const given = plan();
    const { plan_hash } = (await api.create(given)).json();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const mine = structuredClone(given);
        mine.plan_metadata.description = `writer ${n}`;
        return api.change(idOf(given), mine, `"${plan_hash}"`);
      }),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const answer of answers.filter((one) => one !== won[0])) expectProblem(answer, 412, "etag_stale");
    const record = (await api.read(idOf(given))).json();
    expect(record).toEqual(won[0].json());
    expect((await api.versions(idOf(given))).json().versions.map(({ version }) => version)).toEqual([
      "1.0.1",
      "1.0.0",
    ]);
    const { entries } = await api.audit(`?plan_id=${idOf(given)}`);
    expect(entries.map(({ action, version }) => [action, version])).toEqual([
      ["plan.change", "1.0.1"],
      ["plan.create", "1.0.0"],
    ]);
  });

  test("of different kinds, so that their versions have different numbers: one wins all the same", async () => {
    const kinds = [
      (value) => (value.plan_metadata.description = "other"),
      (value) => value.source.columns.push("age"),
      (value) => (value.target.table = "clients"),
    ];
    for (let n = 0; n < 5; n++) {
      const given = plan();
      const { plan_hash } = (await api.create(given)).json();
      const answers = await Promise.all(
        [...kinds, ...kinds].map((alter) => {
          const mine = structuredClone(given);
          alter(mine);
          return api.change(idOf(given), mine, `"${plan_hash}"`);
        }),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
      expect((await api.versions(idOf(given))).json().versions).toHaveLength(2);
    }
  });

  test("one changes and one archives: what was told is what is there", async () => {
    for (let n = 0; n < 5; n++) {
      const given = plan();
      const { plan_hash } = (await api.create(given)).json();
      given.plan_metadata.description = "other";
      const [changed, archived] = await Promise.all([
        api.change(idOf(given), given, `"${plan_hash}"`),
        api.archive(idOf(given), { "if-match": `"${plan_hash}"` }),
      ]);
      const record = (await api.read(idOf(given))).json();
      const done = [changed.status, archived.status];
      // Archiving first and changing then brings the plan back: both are done, one after the other.
      if (done[0] === 200 && done[1] === 204) {
        expect(record).toMatchObject({ state: "draft", version: "1.0.1" });
        const { entries } = await api.audit(`?plan_id=${idOf(given)}`);
        expect(entries.map(({ action }) => action)).toEqual(["plan.restore", "plan.archive", "plan.create"]);
      } else if (done[0] === 200) {
        expectProblem(archived, 412, "etag_stale");
        expect(record).toMatchObject({ state: "draft", version: "1.0.1" });
      } else {
        expectProblem(changed, 412, "etag_stale");
        expect(archived.status).toBe(204);
        expect(record).toMatchObject({ state: "archived", version: "1.0.0" });
      }
    }
  });

  test("of one new plan: one wins", async () => {
    const given = plan();
    const answers = await Promise.all(Array.from({ length: 12 }, () => api.create(given)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(11).fill(409)]);
    expect((await api.versions(idOf(given))).json().versions).toHaveLength(1);
  });

  test("of different plans: all win", async () => {
    const plans = Array.from({ length: 40 }, () => plan());
    const answers = await Promise.all(plans.map((one) => api.create(one)));
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(201));
    expect(await api.verify()).toMatchObject({ state: "intact" });
  });
});

describe("archiving", () => {
  test("takes a plan out of the lists and keeps its history; a change brings it back", async () => {
    const given = plan();
    const { plan_hash } = (await api.create(given)).json();
    expectProblem(await api.archive(idOf(given), { "if-match": '"0"' }), 412, "etag_stale");
    const answer = await api.archive(idOf(given), { "if-match": `"${plan_hash}"` });
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect((await api.archive(idOf(given))).status).toBe(204);
    const query = `?q=${given.plan_metadata.plan_name}`;
    expect((await api.list(query)).plans).toEqual([]);
    expect((await api.list(`${query}&state=archived`)).plans).toHaveLength(1);
    expect((await api.list(`${query}&state=all`)).plans).toHaveLength(1);
    expect((await api.read(idOf(given))).json().state).toBe("archived");
    expectProblem(await api.create(given), 409, "plan_exists");
    const back = await api.change(idOf(given), given, `"${plan_hash}"`);
    expect(back.json()).toMatchObject({ state: "draft", version: "1.0.0", plan_hash });
    const { entries } = await api.audit(`?plan_id=${idOf(given)}`);
    expect(entries.map(({ action }) => action)).toEqual(["plan.restore", "plan.archive", "plan.create"]);
  });

  test("is refused while a job exists", async () => {
    const given = plan();
    await api.create(given);
    await rows("UPDATE plans SET state = 'deployed' WHERE plan_id = ?", idOf(given));
    expectProblem(await api.archive(idOf(given)), 409, "plan_is_deployed");
  });
});

describe("lists", () => {
  test("are filtered, searched and paged without gaps or repetitions", async () => {
    const owner = `owner-${Date.now()}@example.com`;
    const ids = [];
    for (let n = 0; n < 23; n++) {
      const given = plan((value) => {
        value.plan_metadata.owner = owner;
        value.plan_metadata.description = n % 2 ? "Odd Ones" : "Even ones";
        value.target.table = `t_${n % 3}`;
      });
      ids.unshift(idOf(given));
      expect((await api.create(given)).status).toBe(201);
    }
    const query = `/api/plans?owner=${encodeURIComponent(owner)}`;
    for (const size of [1, 5, 23, 100]) {
      const found = await all(server, `${query}&page_size=${size}`, "plans");
      expect(found.map(({ plan_id }) => plan_id).sort()).toEqual([...ids].sort());
      const order = found.map(({ updated_at, plan_id }) => [updated_at, plan_id]);
      expect(order).toEqual(
        [...order].sort((a, b) => (a[0] === b[0] ? (a[1] < b[1] ? -1 : 1) : a[0] < b[0] ? 1 : -1)),
      );
      expect(found[0]).not.toHaveProperty("plan");
    }
    expect(await all(server, `${query}&q=odd+ONES`, "plans")).toHaveLength(11);
    expect(await all(server, `${query}&q=team:sales&target=prod_catalog.mart.t_2`, "plans")).toHaveLength(7);
    expect(await all(server, `${query}&pattern=SCD2`, "plans")).toEqual([]);
    expect(await all(server, `${query}&q=%25`, "plans")).toEqual([]);
  });

  test("say what they do not understand", async () => {
    for (const query of ["?state=nope", "?stat=draft", "?q=a&q=b", "?q=%ff"])
      expectProblem(await server.get(`/api/plans${query}`), 400, "query_malformed");
    for (const query of ["?page_size=0", "?page_size=101", "?page_token=x", "?page_token=%00"])
      expectProblem(await server.get(`/api/plans${query}`), 400, "page_malformed");
    const { next_page_token } = await api.list("?page_size=1");
    expectProblem(await server.get(`/api/plans?q=a&page_token=${next_page_token}`), 400, "page_malformed");
    expectProblem(await server.get(`/api/audit?page_token=${next_page_token}`), 400, "page_malformed");
  });

  test("of versions are paged, newest first", async () => {
    const given = plan();
    await api.create(given);
    for (let n = 0; n < 6; n++) {
      given.plan_metadata.description = `change ${n}`;
      expect((await api.change(idOf(given), given, "*")).status).toBe(200);
    }
    const found = await all(server, `/api/plans/${idOf(given)}/versions?page_size=2`, "versions");
    expect(found.map(({ version }) => version)).toEqual([
      "1.0.6",
      "1.0.5",
      "1.0.4",
      "1.0.3",
      "1.0.2",
      "1.0.1",
      "1.0.0",
    ]);
    expect(found[0]).not.toHaveProperty("ordinal");
  });
});

test("what is not there is named", async () => {
  const id = "00000000-0000-4000-8000-000000000000";
  for (const path of ["", "/versions", "/versions/1.0.0"])
    expectProblem(await server.get(`/api/plans/${id}${path}`), 404, "plan_not_found");
  expectProblem(await server.get("/api/plans/nope"), 404, "plan_not_found");
  expectProblem(await api.change(id, plan(), "*"), 404, "plan_not_found");
  expectProblem(await api.archive(id), 404, "plan_not_found");
  const given = plan();
  await api.create(given);
  expectProblem(await server.get(`/api/plans/${idOf(given)}/versions/9.9.9`), 404, "version_not_found");
  const answer = await server.get("/api/plans", { method: "PATCH" });
  expectProblem(answer, 405, "method_unknown");
  expect(answer.headers.allow).toBe("GET, HEAD, POST, OPTIONS");
  expect((await server.get(`/api/plans/${idOf(given)}`, { method: "POST" })).headers.allow).toBe(
    "GET, HEAD, PUT, DELETE, OPTIONS",
  );
});

describe("a repeated request", () => {
  test("with its key gets the stored answer", async () => {
    const given = plan();
    const key = { "idempotency-key": `k-${idOf(given)}` };
    const first = await api.create(given, key);
    const again = await api.create(given, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect(again.headers).toMatchObject({
      etag: first.headers.etag,
      location: first.headers.location,
      "idempotent-replayed": "true",
    });
    expect(first.headers).not.toHaveProperty("idempotent-replayed");
    expectProblem(await api.create(plan(), key), 409, "idempotency_key_reused");
    expect((await api.audit(`?plan_id=${idOf(given)}`)).entries).toHaveLength(1);
  });

  test("at the same moment is done once", async () => {
    const given = plan();
    const key = { "idempotency-key": `k-${idOf(given)}` };
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.create(given, key)));
    const created = answers.filter(({ status }) => status === 201);
    expect(created.length).toBeGreaterThan(0);
    expect(new Set(created.map(({ text }) => text)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectProblem(answer, 409, "idempotency_in_progress");
      expect(answer.headers["retry-after"]).toBe("2");
    }
  });

  test("that failed may be tried again with its key", async () => {
    const given = plan();
    const key = { "idempotency-key": `k-${idOf(given)}` };
    expectProblem(await api.create({ ...given, pattern: {} }, key), 422, "plan_invalid");
    expect((await api.create(given, key)).status).toBe(201);
  });

  test("takes over what a dead one left", async () => {
    const given = plan();
    const body = JSON.stringify(given);
    const claimed = (key, until) =>
      rows(
        "INSERT INTO idempotency_keys (caller, route, key, body_hash, claim, expires_at) VALUES ('open', 'POST /api/plans', ?, ?, 'dead', ?)",
        key,
        createHash("sha256").update(body).digest("hex"),
        until,
      );
    await claimed("dead-1", "2999-01-01T00:00:00.000Z");
    expectProblem(await api.create(body, { "idempotency-key": "dead-1" }), 409, "idempotency_in_progress");
    await claimed("dead-2", "2020-01-01T00:00:00.000Z");
    expect((await api.create(body, { "idempotency-key": "dead-2" })).status).toBe(201);
  });

  test("has a key that is one", async () => {
    for (const key of ["a b", "x".repeat(65), "ä"])
      expectProblem(await api.create(plan(), { "idempotency-key": key }), 400, "idempotency_key_malformed");
  });
});

describe("a database that fails", () => {
  test("is told as such, and nothing is invented", async () => {
    const broken = await worker(upstream);
    try {
      const given = plan();
      expect((await registry(broken).create(given)).status).toBe(201);
      await broken.databases.DB.prepare("ALTER TABLE audit RENAME TO gone").run();
      const problem = expectProblem(await registry(broken).create(plan()), 503, "database_unreachable");
      expect(problem).toMatchObject({ retryable: true, retry_after: 2 });
      expect(problem.detail).not.toMatch(/SQL|table/);
      const { results } = await broken.databases.DB.prepare("SELECT plan_id FROM plans").all();
      expect(results).toHaveLength(1);
      expectProblem(await broken.get("/api/audit"), 503, "database_unreachable");
      expect((await broken.get(`/api/plans/${idOf(given)}`)).status).toBe(200);
    } finally {
      await broken.stop();
    }
  });

  test("without its tables answers 503", async () => {
    const bare = await worker(upstream);
    try {
      for (const name of ["plan_versions", "runs", "deployments", "plan_jobs", "plans"])
        await bare.databases.DB.prepare(`DROP TABLE ${name}`)
          .run()
          .catch(() => {});
      expectProblem(await bare.get("/api/plans"), 503, "database_unreachable");
    } finally {
      await bare.stop();
    }
  });
});

test("only known callers reach the registry", async () => {
  const token = "registry-test-token";
  const closed = await worker(upstream, {
    API_TOKENS: `ada:${createHash("sha256").update(token).digest("hex")}`,
    CALLER_ROLES: "ada:viewer|author",
  });
  try {
    for (const path of [
      "/api/plans",
      "/api/audit",
      "/api/audit/verify",
      "/api/plans/x",
      "/api/plans/x/versions",
    ])
      expectProblem(await closed.get(path), 401, "credential_missing");
    const answer = await closed.get("/api/plans", {
      method: "POST",
      headers: { ...json, authorization: `Bearer ${token}` },
      body: JSON.stringify(plan()),
    });
    expect(answer.json()).toMatchObject({ created_by: "ada" });
  } finally {
    await closed.stop();
  }
});
