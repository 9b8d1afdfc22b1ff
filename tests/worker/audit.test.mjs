// The audit log: what is written, how it is read, and that any tampering is found, by the server and by the command.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parsed, verifyRows } from "../../scripts/lib/audit-chain.mjs";
import { readLocalAudit } from "../../scripts/lib/audit-local.mjs";
import { emulator, expectNoSecret, expectProblem, worker } from "./harness.mjs";
import { all, plan, registry } from "./plans.mjs";

const command = fileURLToPath(new URL("../../scripts/audit-verify.mjs", import.meta.url));
const run = (...args) =>
  promisify(execFile)(process.execPath, [command, ...args]).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
const folder = mkdtempSync(path.join(tmpdir(), "genie-handoff-audit-"));
let upstream;
let server;
let api;
beforeAll(async () => {
  upstream = await emulator();
  server = await worker(upstream, {}, { persist: folder });
  api = registry(server);
});
afterAll(async () => {
  if (server) expectNoSecret(server.logs());
  await server?.stop();
  await upstream?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const query = async (sql, ...values) => {
  const statement = server.databases.DB.prepare(sql);
  return (await (values.length ? statement.bind(...values) : statement).all()).results;
};
const grow = async (count) => {
  for (let n = 0; n < count; n++) expect((await api.create(plan())).status).toBe(201);
};

describe("an entry", () => {
  test("says who did what to which version, and is chained to the one before", async () => {
    const given = plan();
    const created = await api.create(given);
    given.plan_metadata.description = "other";
    const changed = await api.change(given.plan_metadata.plan_id, given, created.headers.etag);
    const { entries } = await api.audit(`?plan_id=${given.plan_metadata.plan_id}`);
    expect(entries).toHaveLength(2);
    const [second, first] = entries;
    expect(first).toMatchObject({
      action: "plan.create",
      phase: "only",
      outcome: "ok",
      caller: "open",
      request_id: created.headers["x-request-id"],
      version: "1.0.0",
      plan_hash: created.json().plan_hash,
      handoff_id: null,
      genie_session: null,
      detail: {},
    });
    expect(second).toMatchObject({
      action: "plan.change",
      request_id: changed.headers["x-request-id"],
      version: "1.0.1",
      detail: { change: "patch", from_version: "1.0.0" },
      prev_hash: first.hash,
      seq: first.seq + 1,
    });
    expect(JSON.stringify(entries)).not.toContain("other");
  });

  test("is not written for what was refused", async () => {
    const { entries } = await api.audit("?page_size=1");
    expectProblem(await api.create({ schema_version: "1.0" }), 422, "plan_invalid");
    expect((await api.audit("?page_size=1")).entries).toEqual(entries);
  });

  test("cannot be changed or deleted by a statement", async () => {
    await expect(query("UPDATE audit SET caller = 'eve'")).rejects.toThrow("append-only");
    await expect(query("DELETE FROM audit")).rejects.toThrow("append-only");
  });
});

describe("the list", () => {
  test("is filtered and paged, newest first", async () => {
    await grow(12);
    const entries = await all(server, "/api/audit?page_size=5", "entries");
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, n) => entries.length - n));
    expect(verifyRows([...entries].reverse()).problem).toBeNull();
    const creations = await all(server, "/api/audit?action=plan.create&page_size=7", "entries");
    expect(creations).toEqual(entries.filter(({ action }) => action === "plan.create"));
    expect((await api.audit("?caller=nobody")).entries).toEqual([]);
    const request = creations[3].request_id;
    expect((await api.audit(`?request_id=${request}`)).entries).toEqual([creations[3]]);
    expect((await api.audit("?genie_session=nobody")).entries).toEqual([]);
    expect((await api.audit("?outcome=failed")).entries).toEqual([]);
    const [newest, , third] = entries;
    expect((await api.audit(`?from=${third.at}`)).entries.length).toBeGreaterThanOrEqual(3);
    expect((await api.audit(`?to=${entries.at(-1).at}`)).entries).toEqual([]);
    const later = new Date(Date.parse(newest.at) + 1).toISOString().replace("Z", "%2B00:00");
    expect((await api.audit(`?from=${later}`)).entries).toEqual([]);
  });

  test("says what it does not understand", async () => {
    for (const bad of [
      "?outcome=nope",
      "?from=yesterday",
      "?from=1",
      "?to=2026-13-01",
      "?user=ada",
      "?caller=a&caller=b",
    ])
      expectProblem(await server.get(`/api/audit${bad}`), 400, "query_malformed");
    expectProblem(await server.get("/api/audit?page_token=bm9uZQ"), 400, "page_malformed");
    expectProblem(await server.get("/api/audit", { method: "POST" }), 405, "method_unknown");
  });
});

describe("verification", () => {
  test("of what was not touched holds, in the server and in the command", async () => {
    const answer = await api.verify();
    const [newest] = (await api.audit("?page_size=1")).entries;
    expect(answer).toEqual({
      state: "intact",
      first_seq: 1,
      entries: newest.seq,
      head_hash: newest.hash,
      problem: null,
    });
    const { code, stdout } = await run("--url", server.url);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toContain(`${newest.seq} entries`);
    expect(stdout).toContain(newest.hash);
    const known = (await api.audit("?page_size=3")).entries.at(-1).hash;
    expect((await run("--url", server.url, "--contains", known)).code).toBe(0);
    expect((await run("--url", server.url, "--contains", "0".repeat(63).concat("1"))).code).toBe(1);
  });

  const commanded = new Set();
  // Each starts from the whole log and puts it back, so that one does not hide another.
  const touched = async (what, tamper, kind, seq) => {
    const names = await query(
      "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'",
    );
    const [kept, head] = [
      await query("SELECT * FROM audit ORDER BY seq"),
      await query("SELECT * FROM audit_head"),
    ];
    for (const { name } of names) await query(`DROP TRIGGER ${name}`);
    try {
      await tamper(kept);
      const answer = await api.verify();
      expect({ what, ...answer }).toMatchObject({ state: "broken", problem: { kind, seq } });
      const { rows, head } = await readLocalAudit(folder);
      expect({ what, problem: verifyRows(rows.map(parsed), head).problem }).toEqual({
        what,
        problem: { kind, seq },
      });
      // The command itself once for each kind: each start of a process takes its time.
      if (commanded.has(kind)) return;
      commanded.add(kind);
      for (const source of [
        ["--url", server.url],
        ["--local", folder],
      ]) {
        const { code, stdout } = await run(...source, "--json");
        expect({ what, source, code, problem: JSON.parse(stdout).problem }).toEqual({
          what,
          source,
          code: 1,
          problem: { kind, seq },
        });
      }
    } finally {
      await query("DELETE FROM audit");
      for (const row of kept) {
        const keys = Object.keys(row);
        await query(
          `INSERT INTO audit (${keys}) VALUES (${keys.map(() => "?")})`,
          ...keys.map((key) => row[key]),
        );
      }
      await query("UPDATE audit_head SET seq = ?, hash = ?", head[0].seq, head[0].hash);
      for (const { sql } of names) await query(sql);
    }
    expect(await api.verify()).toMatchObject({ state: "intact" });
  };

  test("finds a changed row, whatever was changed", async () => {
    for (const [column, value] of [
      ["at", "2020-01-01T00:00:00.000Z"],
      ["action", "plan.archive"],
      ["outcome", "failed"],
      ["caller", "eve"],
      ["request_id", "r"],
      ["version", "9.9.9"],
      ["handoff_id", ""],
      ["detail", '{"a":"b"}'],
      ["detail", "nonsense"],
      ["hash", "f".repeat(64)],
    ])
      await touched(
        `${column}`,
        () => query(`UPDATE audit SET ${column} = ? WHERE seq = 4`, value),
        "changed",
        4,
      );
  });

  test("finds a removed row: the first, one in the middle, the last", async () => {
    const last = (await query("SELECT max(seq) AS n FROM audit"))[0].n;
    for (const seq of [1, 5, last])
      await touched(`row ${seq}`, () => query("DELETE FROM audit WHERE seq = ?", seq), "removed", seq);
    await touched("all", () => query("DELETE FROM audit"), "removed", 1);
    await touched(
      "renumbered",
      async () => {
        await query("DELETE FROM audit WHERE seq = 5");
        await query("UPDATE audit SET seq = -seq WHERE seq > 5");
        await query("UPDATE audit SET seq = -seq - 1 WHERE seq < 0");
      },
      "removed",
      5,
    );
  });

  test("finds rows that changed places", async () => {
    await touched(
      "swapped",
      async () => {
        await query("UPDATE audit SET seq = -3 WHERE seq = 3");
        await query("UPDATE audit SET seq = 3 WHERE seq = 6");
        await query("UPDATE audit SET seq = 6 WHERE seq = -3");
      },
      "reordered",
      3,
    );
  });
});

test("the command says what it needs", async () => {
  expect((await run()).code).toBe(2);
  expect((await run("--url", "http://127.0.0.1:1")).code).toBe(2);
  expect((await run("--local", "/nonexistent-folder")).code).toBe(2);
});
