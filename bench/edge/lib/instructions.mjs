// Instructions of the server in user mode per request, as `perf stat` counts them. Steadier than time on a machine that
// does other things as well, and blind for what the kernel does and for caches that miss.

import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { start } from "./processes.mjs";
import { load, newId, warmUp } from "./scenarios.mjs";
import { withBearer } from "./servers.mjs";
import { spread } from "./statistics.mjs";

const CONNECTIONS = 16;
const REQUESTS = { hot: 20_000, cold: 6_000 };
const WHO = {
  hot: ["ours", "hono+cache", "hono+cache, hand-tuned", "empty", withBearer("ours")],
  cold: ["ours", "hono", "hono, hand-tuned", withBearer("ours")],
};

/** One row per scenario and server, rounds in turn. */
export async function instructions(bench) {
  const rows = [];
  for (const [scenario, names] of Object.entries(WHO)) {
    const one = newId();
    const ids = () => (scenario === "hot" ? { one } : { distinct: { seed: bench.nextSeed() } });
    await warmUp(bench, names, ids);
    const samples = Object.fromEntries(names.map((name) => [name, []]));
    const errors = Object.fromEntries(names.map((name) => [name, {}]));
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const name of names) {
        const server = bench.servers[name];
        const options = {
          ids: ids(),
          connections: CONNECTIONS,
          durationMs: 60_000,
          requests: REQUESTS[scenario],
        };
        const { counted, result } = await counting(server.pid, () => load(bench, server, options));
        samples[name].push(counted / result.answered);
        Object.assign(errors[name], result.errors);
      }
    }
    for (const name of names) {
      rows.push({
        scenario,
        name,
        thousands: spread(samples[name].map((n) => n / 1000)),
        errors: errors[name],
      });
    }
  }
  return rows;
}

/** Counts while `work` runs. */
async function counting(pid, work) {
  const perf = start("perf", ["stat", "-x", ";", "-e", "instructions:u", "-p", String(pid)], {
    keepErrors: true,
  });
  let said = "";
  perf.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = once(perf, "close");
  // It attaches before long and says nothing when it has.
  await wait(300);
  const result = await work();
  perf.kill("SIGINT");
  await ended;
  const counted = Number(/^(\d+);[^;]*;instructions/m.exec(said)?.[1]);
  if (!Number.isFinite(counted))
    throw new Error(`perf counts nothing here: ${said.trim() || "it did not start"}`);
  return { counted, result };
}
