// workerd is killed at random moments under load. What was acknowledged is there afterwards, whole and once; what was
// not is there whole or not at all.
//
// ROUNDS=100 is the full test, SEED=n repeats the moments of another one.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parsed, verifyRows } from "../../scripts/lib/audit-chain.mjs";
import { readLocalAudit } from "../../scripts/lib/audit-local.mjs";
import { emulator, until, worker } from "./harness.mjs";
import { plan, registry } from "./plans.mjs";

const rounds = Number(process.env.ROUNDS ?? 8);
const seed = Number(process.env.SEED ?? 20261121);
const clients = 6;
/** A few plans, so that clients get in each other's way. */
const plansOfRound = 3;

/** mulberry32: the same moments for the same seed. */
function randomFrom(state) {
  let value = state;
  return () => {
    value = (value + 0x6d2b79f5) | 0;
    let mixed = Math.imul(value ^ (value >>> 15), value | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const random = randomFrom(seed);
const folder = mkdtempSync(path.join(tmpdir(), "genie-handoff-kill-"));
let upstream;
beforeAll(async () => {
  upstream = await emulator();
});
afterAll(async () => {
  await upstream?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One client: changes plans until the server is gone. Gives what was acknowledged. */
async function client(api, plans, acknowledged, stopped) {
  while (!stopped()) {
    const given = structuredClone(plans[Math.floor(random() * plans.length)]);
    const id = given.plan_metadata.plan_id;
    given.plan_metadata.description = `${process.hrtime.bigint()}`;
    if (random() < 0.3) given.target.table = `t_${Math.floor(random() * 5)}`;
    try {
      const created = random() < 0.2 ? plan() : undefined;
      const key = created && { "idempotency-key": created.plan_metadata.plan_id };
      const current = created ? undefined : await api.read(id);
      const answer = created
        ? await api.create(created, key)
        : current.status === 200
          ? await api.change(id, given, current.headers.etag)
          : await api.create(given);
      if (answer.status !== 200 && answer.status !== 201) {
        expect([409, 412, 503]).toContain(answer.status);
        continue;
      }
      const { plan_id, version, plan_hash } = answer.json();
      acknowledged.push({ plan_id, version, plan_hash, created, key, text: answer.text });
    } catch {
      // The connection ended: nobody knows what became of this one.
      if (stopped()) return;
    }
  }
}

test(
  `${rounds} kills lose nothing and double nothing (seed ${seed})`,
  async () => {
    const acknowledged = [];
    let kept;
    for (let round = 0; round < rounds; round++) {
      const server = await worker(upstream, {}, { persist: folder });
      let dead = false;
      try {
        const api = registry(server);
        const where = `round ${round}, seed ${seed}`;

        // What the round before was told.
        for (const { plan_id, version, plan_hash, created, key, text } of kept ?? []) {
          const stored = await server.get(`/api/plans/${plan_id}/versions/${version}`);
          expect({ where, status: stored.status, hash: stored.json().plan_hash }).toEqual({
            where,
            status: 200,
            hash: plan_hash,
          });
          if (created) expect((await api.create(created, key)).text).toBe(text);
        }
        expect({ where, ...(await api.verify()) }).toMatchObject({ state: "intact", problem: null });

        kept = [];
        const plans = Array.from({ length: plansOfRound }, () => plan());
        // Now and then before the first answer; mostly when the load is under way.
        const early = random() < 0.2;
        const moment = Math.floor(random() * 300);
        const load = Promise.all(Array.from({ length: clients }, () => client(api, plans, kept, () => dead)));
        if (!early) await until(() => kept.length > 0, "the first acknowledged write");
        await new Promise((resolve) => setTimeout(resolve, moment));
        server.kill();
        // Answers that were sent before the kill may still arrive; none may come from a server that was started again.
        dead = true;
        await load;
        acknowledged.push(...kept);
      } finally {
        await server.stop();
      }
    }

    // The whole history, from the file itself.
    const server = await worker(upstream, {}, { persist: folder });
    try {
      const query = async (sql) => (await server.databases.DB.prepare(sql).all()).results;
      const versions = await query("SELECT plan_id, version, plan_hash, ordinal FROM plan_versions");
      const byName = new Map(versions.map((one) => [`${one.plan_id} ${one.version}`, one]));
      expect(byName.size).toBe(versions.length);
      for (const { plan_id, version, plan_hash } of acknowledged)
        expect(byName.get(`${plan_id} ${version}`)?.plan_hash).toBe(plan_hash);
      // Every version has its one audit entry, and every entry its version: nothing is half written.
      const entries = await query(
        "SELECT plan_id, version, plan_hash FROM audit WHERE action IN ('plan.create', 'plan.change')",
      );
      const name = ({ plan_id, version, plan_hash }) => `${plan_id} ${version} ${plan_hash}`;
      expect(entries.map(name).sort()).toEqual(versions.map(name).sort());
      // The newest version is the plan's, and versions are counted without gaps.
      const wrong = await query(
        `SELECT p.plan_id FROM plans p JOIN plan_versions v ON v.plan_id = p.plan_id GROUP BY p.plan_id
         HAVING count(*) <> max(v.ordinal)
         OR p.version <> (SELECT version FROM plan_versions w WHERE w.plan_id = p.plan_id ORDER BY ordinal DESC LIMIT 1)`,
      );
      expect(wrong).toEqual([]);
      expect(await registry(server).verify()).toMatchObject({ state: "intact", problem: null });
      const { rows, head } = await readLocalAudit(folder);
      expect(verifyRows(rows.map(parsed), head)).toMatchObject({ problem: null, entries: entries.length });
      expect(acknowledged.length).toBeGreaterThan(rounds);
      console.info(
        `${rounds} kills, ${acknowledged.length} acknowledged writes, ${versions.length} stored versions`,
      );
      // As an administrator asks; it fails with anything but an intact log.
      const command = fileURLToPath(new URL("../../scripts/audit-verify.mjs", import.meta.url));
      console.info(execFileSync(process.execPath, [command, "--local", folder], { encoding: "utf8" }));
    } finally {
      await server.stop();
    }
  },
  60_000 + rounds * 10_000,
);

test("a server that is killed comes back with its log", async () => {
  const server = await worker(upstream, {}, { persist: folder });
  try {
    const before = await registry(server).verify();
    server.kill();
    await until(
      () =>
        registry(server)
          .verify()
          .catch(() => undefined),
      "the server to be back",
    );
    expect(await registry(server).verify()).toEqual(before);
  } finally {
    await server.stop();
  }
});
