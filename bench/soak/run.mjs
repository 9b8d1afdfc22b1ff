// Mixed traffic with faults on, for a bounded time; README.md says what must hold.

import { readFileSync } from "node:fs";
import { parsed, verifyRows } from "../../scripts/lib/audit-chain.mjs";
import { startEmulator, startWorker } from "../../scripts/lib/worker-server.mjs";
import { jobsOf, workspace } from "../../tests/worker/deployments.mjs";
import { Faults } from "./faults.mjs";
import { Caller, randomFrom, World } from "./traffic.mjs";

const seconds = Number(process.argv[2] ?? process.env.SECONDS ?? 600);
const seed = Number(process.env.SEED ?? 20261121);
const clients = 8;
if (!(seconds >= 20)) {
  console.error("usage: scripts/bench.sh soak [SECONDS], at least 20");
  process.exit(2);
}

const broken = [];
/** Something that must hold. */
function hold(what, holds, more = "") {
  console.log(`  ${holds ? "holds " : "BROKEN"}  ${what}${more === "" ? "" : `: ${more}`}`);
  if (!holds) broken.push(what);
}

const emulator = await startEmulator();
const lines = [];
const worker = await startWorker({
  emulator,
  onLog: ({ message }) => {
    // The newest lines say why, should something break; all of them would fill the memory.
    if (message.includes('"cause"') && lines.push(message) > 200) lines.shift();
  },
  bindings: {
    UPSTREAM_TIMEOUT_MS: "1500",
    UPSTREAM_TOTAL_MS: "5000",
    RATE_LIMIT: "0",
    RATE_LIMIT_WRITES: "0",
  },
});
const caller = new Caller(worker.url);
const random = randomFrom(seed);
const world = new World(caller, random);
const faults = new Faults(emulator, random);
const memory = [];

try {
  const pid = worker.pid();
  console.log(`soak: ${seconds} s, ${clients} clients, seed ${seed}`);
  const began = performance.now();
  const left = () => seconds * 1000 - (performance.now() - began);
  const sampler = setInterval(() => memory.push(residentOf(pid)), 500);
  const clock = setInterval(() => void worker.tick().catch(() => {}), 5_000);
  faults.start();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left() > 0) await world.act();
    }),
  );
  clearInterval(sampler);
  clearInterval(clock);
  await faults.stop();
  hold("the same workerd to the end", worker.pid() === pid);

  report();
  budgets();
  flat();
  await writes();
  await deployments();
  await log();
} finally {
  caller.close();
  await worker.stop();
  await emulator.stop();
}
if (broken.length > 0) {
  console.log(`\nBroken: ${broken.join("; ")}\n${lines.slice(-10).join("\n")}`);
  process.exitCode = 1;
} else console.log("\nEverything holds.");

/** Resident memory in bytes. */
function residentOf(pid) {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

function report() {
  console.log(`\n  ${"".padEnd(78)}   count     p50     p99  statuses`);
  for (const [operation, { statuses, times }] of [...caller.seen].sort()) {
    times.sort((a, b) => a - b);
    const at = (part) => `${Math.round(times[Math.floor((times.length - 1) * part)])} ms`.padStart(8);
    const told = [...statuses].sort().map(([status, count]) => `${status} x ${count}`);
    console.log(
      `  ${operation.padEnd(78)}${String(times.length).padStart(8)}${at(0.5)}${at(0.99)}  ${told.join(", ")}`,
    );
  }
  console.log(`  ${faults.count} faults\n`);
}

/** How many of the answers are errors that have a reason elsewhere. */
function budgets() {
  const { paths } = JSON.parse(readFileSync(new URL("../../worker/openapi.json", import.meta.url), "utf8"));
  const responses = (operation) => {
    const [method, path] = operation.split(" ");
    return paths[path][method.toLowerCase()].responses;
  };
  const undescribed = caller.answers.filter(
    ({ operation, status }) => !(status in responses(operation)) || status === 500,
  );
  const examples = undescribed
    .slice(0, 3)
    .map(({ operation, status, text }) => `${operation}: ${status} ${text}`);
  hold("every status is described, none is 500 or missing", undescribed.length === 0, examples.join("; "));
  const blamed = caller.answers.filter(({ status }) => status === 422);
  const first = blamed.slice(0, 3).map(({ operation, text }) => `${operation}: ${text}`);
  hold(
    "no fault is taken for a mistake of the caller or a missing permission",
    blamed.length === 0,
    first.join("; "),
  );

  const outside = new Set([429, 502, 503, 504]);
  const share = (what, answers, fails, most) => {
    const failed = answers.filter(fails);
    const percent = answers.length === 0 ? 0 : (100 * failed.length) / answers.length;
    const told = `${failed.length} of ${answers.length}, ${percent.toFixed(2)} %`;
    hold(`${what}: at most ${most} % errors`, percent <= most, told);
  };
  const asks = ({ operation }) => "502" in responses(operation);
  const error = ({ status }) => outside.has(status);
  share(
    "what needs Databricks, faults on",
    caller.answers.filter((a) => asks(a) && !faults.isQuiet(a.at)),
    error,
    10,
  );
  share(
    "what needs Databricks, faults off",
    caller.answers.filter((a) => asks(a) && faults.isQuiet(a.at)),
    error,
    1,
  );
  share(
    "what needs the database only",
    caller.answers.filter((a) => !asks(a)),
    error,
    1,
  );
}

function flat() {
  const quarter = (n) =>
    median(memory.slice(Math.floor((memory.length * n) / 4), Math.floor((memory.length * (n + 1)) / 4)));
  // The runtime lets its heap grow for the first thirty thousand requests or so before it collects; a worker of six
  // lines of JavaScript does the same. What counts is that it ends.
  const [early, late] = [quarter(2), quarter(3)];
  const told = [0, 1, 2, 3].map((n) => `${Math.round(quarter(n) / 1e6)} MB`).join(", ");
  hold("memory of workerd is flat (medians of quarters)", late <= early * 1.15 + 16e6, told);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

async function rows(sql) {
  return (await worker.databases.DB.prepare(sql).all()).results;
}

async function writes() {
  const stored = await rows("SELECT plan_id, version, plan_hash, note FROM plan_versions");
  const byName = new Map(stored.map((row) => [`${row.plan_id} ${row.version}`, row]));
  const lost = world.versions.filter(
    ({ plan_id, version, plan_hash }) => byName.get(`${plan_id} ${version}`)?.plan_hash !== plan_hash,
  );
  hold("no acknowledged version is lost", lost.length === 0, `${world.versions.length} acknowledged`);
  const notes = stored.map(({ note }) => note);
  hold("no write is stored twice", new Set(notes).size === notes.length, `${stored.length} stored`);
  const wrong = await rows(
    `SELECT p.plan_id FROM plans p JOIN plan_versions v ON v.plan_id = p.plan_id GROUP BY p.plan_id
     HAVING count(*) <> max(v.ordinal)`,
  );
  hold("versions are counted without gaps", wrong.length === 0);
  const handoffs = await rows("SELECT handoff_id FROM handoffs");
  const there = new Set(handoffs.map(({ handoff_id }) => handoff_id));
  const missing = world.handoffs.filter((id) => !there.has(id));
  hold("no acknowledged handoff is lost", missing.length === 0, `${handoffs.length} stored`);
}

/** What the workspace has, and what it has after one more deployment in peace. */
async function deployments() {
  const deployed = await rows("SELECT DISTINCT plan_id FROM deployments");
  let [many, wrong, doubled, lost, runs] = [0, 0, 0, 0, 0];
  for (const { plan_id } of deployed) {
    const before = await jobsOf(emulator, plan_id);
    const known = world.plans.get(plan_id);
    // A job that was made while its answer was lost is found and removed by the next deployment, not by itself.
    if (known) {
      const path = `/api/plans/${plan_id}/deploy`;
      const fresh = (await caller.send("GET /api/plans/{plan_id}", `/api/plans/${plan_id}`)).json();
      const body = { version: fresh.version, plan_hash: fresh.plan_hash };
      const answer = await world.surely("POST /api/plans/{plan_id}/deploy", path, { body });
      const [job, ...more] = await jobsOf(emulator, plan_id);
      if (more.length > 0) many++;
      if (
        answer.status > 201 ||
        job?.settings.tags.plan_version !== fresh.version ||
        job?.settings.tags.plan_hash !== fresh.plan_hash
      )
        wrong++;
    } else if (before.length > 1) many++;
    const seen = new Set();
    for (const { job_id } of before) {
      let token = "";
      do {
        const page = await workspace(emulator, `/api/2.2/jobs/runs/list?job_id=${job_id}&limit=25${token}`);
        for (const { run_id } of page.runs ?? []) seen.add(String(run_id));
        token = page.next_page_token ? `&page_token=${encodeURIComponent(page.next_page_token)}` : "";
      } while (token);
    }
    const told = world.runs.get(plan_id) ?? [];
    runs += told.length;
    if (new Set(told).size < told.length || seen.size > (world.asked.get(plan_id) ?? 0)) doubled++;
    if (told.some((run) => !seen.has(run))) lost++;
  }
  hold("no plan has two jobs", many === 0, `${deployed.length} plans deployed`);
  hold("every deployed plan ends with the job of its version", wrong === 0);
  hold("no run is started twice", doubled === 0, `${runs} runs acknowledged`);
  hold("no acknowledged run is lost", lost === 0);
}

async function log() {
  const said = (await caller.send("GET /api/audit/verify", "/api/audit/verify")).json();
  hold("the log verifies, says the server", said.state === "intact", `${said.entries} entries`);
  const [head] = await rows("SELECT seq, hash FROM audit_head");
  const entries = (await rows("SELECT * FROM audit ORDER BY seq")).map(parsed);
  const found = verifyRows(entries, head);
  hold("the log verifies, says another program", found.problem === null, `${entries.length} entries`);
  const written = new Set(
    entries
      .filter(({ action }) => action === "plan.create" || action === "plan.change")
      .map(({ plan_id, version, plan_hash }) => `${plan_id} ${version} ${plan_hash}`),
  );
  const versions = await rows("SELECT plan_id, version, plan_hash FROM plan_versions");
  const unsaid = versions.filter(
    ({ plan_id, version, plan_hash }) => !written.has(`${plan_id} ${version} ${plan_hash}`),
  );
  hold("every version is in the log", unsaid.length === 0 && written.size === versions.length);
}
