#!/usr/bin/env node
// Our worker beside the smallest equivalent in JavaScript, in one run, in turn. See README.md.

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { instructions } from "./lib/instructions.mjs";
import { accepts, run, stopAll, temporaryFolder } from "./lib/processes.mjs";
import { failures, ratios, targets, text } from "./lib/report.mjs";
import { burst, cold, hot, startup, upload, verify, warm } from "./lib/scenarios.mjs";
import { prepare, SERVERS, serveAndWait, serveUpstream } from "./lib/servers.mjs";
import { upstreamOf } from "./lib/upstream.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** In this order: what needs quiet servers first. */
const SCENARIOS = { upload, startup, cold, hot, warm, burst };
/** Only when asked for: it needs `perf` and the right to count. */
const ON_DEMAND = { instructions };
const ALL = { ...SCENARIOS, ...ON_DEMAND };
/** The upstream's two, one for start-ups, one for each server. */
const PORTS = 3 + Object.keys(SERVERS).length;
const USAGE = `usage: node bench/edge/run.mjs [--quick] [--only ${Object.keys(ALL).join("|")}] [--json FILE] [--port FIRST] [--emulator PROGRAM]
  --quick     fewer and shorter rounds (under 90 s instead of under 6 min); look at the ratios only
  --only      one scenario, or several with commas
  --json      writes everything that was measured to FILE
  --port      first of ${PORTS} ports in a row (58787, or BENCH_PORT)
  --emulator  another upstream that speaks like crates/emulator (built from there by default)`;

function options() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      json: { type: "string" },
      port: { type: "string", default: process.env.BENCH_PORT ?? "58787" },
      emulator: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const only = values.only === undefined ? Object.keys(SCENARIOS) : values.only.split(",");
  const unknown = only.find((name) => !Object.hasOwn(ALL, name));
  if (unknown !== undefined) throw new Error(`no scenario ${unknown}`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65_000) throw new Error(`no port ${values.port}`);
  return { ...values, only, port };
}

/** Builds with cargo what is not up to date, and gives the program. */
async function cargo(target, ...args) {
  await run("cargo", ["build", "--quiet", "--release", "--target-dir", target, ...args], { cwd: ROOT });
}

async function main(given) {
  if (platform() !== "linux") throw new Error("Linux only: processor time comes from /proc");
  for (let port = given.port; port < given.port + PORTS; port += 1) {
    if (await accepts(port)) throw new Error(`port ${port} is taken; give another first port with --port`);
  }
  const loadgen = join(ROOT, "target/loadgen/release/loadgen");
  await cargo(join(ROOT, "target/loadgen"), "--locked", "--manifest-path", "bench/edge/loadgen/Cargo.toml");
  const emulator = given.emulator ?? join(ROOT, "target/release/emulator");
  if (given.emulator === undefined) await cargo(join(ROOT, "target"), "--locked", "-p", "emulator");

  const folder = temporaryFolder();
  try {
    await prepare(ROOT, folder);
    return await measure(given, { folder, loadgen, emulator });
  } finally {
    await stopAll();
  }
}

async function measure(given, { folder, loadgen, emulator }) {
  const [upstreamPort, controlPort, startupPort, ...ports] = Array.from(
    { length: PORTS },
    (_, n) => given.port + n,
  );
  const serverOptions = { upstream: upstreamPort, compatibilityDate: compatibilityDate() };
  const upstream = await serveUpstream(emulator, {
    port: upstreamPort,
    controlPort,
    errors: join(folder, "emulator.log"),
  });
  const servers = {};
  for (const [n, name] of Object.keys(SERVERS).entries()) {
    servers[name] = await serveAndWait(folder, name, { ...serverOptions, port: ports[n] });
  }
  let seed = Date.now();
  const bench = {
    folder,
    servers,
    serverOptions,
    startupPort,
    upstream: upstreamOf(upstream),
    loadgen: async (job) => JSON.parse(await run(loadgen, [JSON.stringify(job)])),
    nextSeed: () => (seed += 1),
    ...(given.quick
      ? {
          rounds: 5,
          durationMs: 400,
          warmUpMs: 1200,
          starts: 7,
          bursts: 2,
          connections: [16, 64],
          bearerConnections: [16],
        }
      : {
          rounds: 7,
          durationMs: 1000,
          warmUpMs: 2000,
          starts: 21,
          bursts: 5,
          connections: [1, 16, 64, 256],
          bearerConnections: [16, 64],
        }),
  };
  const results = { machine: machine(), quick: given.quick, answer: await verify(bench) };
  for (const name of given.only) {
    const began = performance.now();
    results[name] = await ALL[name](bench);
    process.stderr.write(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  }
  return results;
}

/** The date in wrangler.toml, so that what is measured behaves like what is deployed. */
function compatibilityDate() {
  const found = /^compatibility_date = "([^"]+)"$/m.exec(readFileSync(join(ROOT, "wrangler.toml"), "utf8"));
  if (found === null) throw new Error("wrangler.toml names no compatibility_date");
  return found[1];
}

function machine() {
  const workerd = JSON.parse(readFileSync(join(ROOT, "node_modules/workerd/package.json"), "utf8")).version;
  const hono = JSON.parse(readFileSync(join(ROOT, "node_modules/hono/package.json"), "utf8")).version;
  const built = statSync(join(ROOT, "build/public/worker_bg.wasm")).mtime.toISOString();
  return { processors: cpus().length, model: cpus()[0].model, load: loadavg()[0], workerd, hono, built };
}

try {
  const given = options();
  if (given.help) {
    console.log(USAGE);
  } else {
    const results = await main(given);
    const pairs = ratios(results);
    const judged = targets(results, pairs);
    const { machine: at, answer } = results;
    console.log(
      `${at.processors} x ${at.model}, load ${at.load.toFixed(1)} before; workerd ${at.workerd}, hono ${at.hono}; ` +
        `worker built ${at.built}; an answer has ${answer.bytes} bytes\n`,
    );
    console.log(text(results, pairs, judged));
    if (given.json !== undefined) {
      writeFileSync(
        given.json,
        `${JSON.stringify({ ...results, ratios: pairs, targets: judged }, null, 2)}\n`,
      );
    }
    // Refusals are quick: a run with any has measured something else.
    if (Object.keys(failures(results)).length > 0) process.exitCode = 1;
  }
} catch (error) {
  console.error(`bench/edge: ${error.message}\n\n${USAGE}`);
  process.exitCode = 1;
}
