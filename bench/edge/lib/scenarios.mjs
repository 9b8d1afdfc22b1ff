// What is measured. Every function takes the bench (servers, load generator, upstream) and gives plain results.

import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setImmediate, setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { stop } from "./processes.mjs";
import { configure, PRIVATE, SERVERS, serve, withBearer } from "./servers.mjs";
import { median, spread } from "./statistics.mjs";

const PATH = "/api/genie/get?space_id=";
const BURST = 200;
/** How slow upstream is in a burst, so that all requests are there before the first answer. */
const BURST_LATENCY_MS = 100;
const WARM_REQUESTS = 50_000;

export const newId = () => `01f${randomBytes(16).toString("hex").slice(3)}`;

/** One load on one server, with the processor time of server and upstream, and the calls that reached upstream. */
export async function load(bench, server, { ids, connections, durationMs, requests }) {
  const before = await bench.upstream.count();
  const result = await bench.loadgen({
    mode: "load",
    target: {
      address: `127.0.0.1:${server.port}`,
      path: PATH,
      bearer: server.bearer,
      check_id: server.name !== "empty",
    },
    ids,
    connections,
    duration_ms: durationMs,
    ...(requests && { requests }),
    pids: { server: server.pid, upstream: bench.upstream.pid },
  });
  return { ...result, upstream_calls: (await bench.upstream.count()) - before };
}

/** Lets every server run its code until the runtime has compiled it: a fresh isolate says little. */
export async function warmUp(bench, names, ids) {
  for (const name of names) {
    await load(bench, bench.servers[name], { ids: ids(), connections: 16, durationMs: bench.warmUpMs });
  }
}

/** The same load on several servers in turn, for several rounds; the order turns as well. */
async function alternate(bench, names, connections, ids) {
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < bench.rounds; round += 1) {
    const order = names.map((_, n) => names[(n + round) % names.length]);
    for (const name of order) {
      const options = { ids: ids(), connections, durationMs: bench.durationMs };
      samples[name].push(await load(bench, bench.servers[name], options));
    }
  }
  return Object.entries(samples).map(([name, results]) => summary(name, connections, results));
}

function summary(name, connections, results) {
  const sum = (pick) => results.reduce((total, result) => total + pick(result), 0);
  const errors = {};
  for (const result of results) {
    for (const [kind, count] of Object.entries(result.errors)) errors[kind] = (errors[kind] ?? 0) + count;
  }
  const answered = sum((result) => result.answered);
  return {
    name,
    connections,
    rps: spread(results.map((result) => result.rps)),
    p50_us: median(results.map((result) => result.p50_us)),
    p99_us: median(results.map((result) => result.p99_us)),
    cpu_us: spread(results.map((result) => result.cpu_us.server)),
    upstream_cpu_us: median(results.map((result) => result.cpu_us.upstream)),
    upstream_calls_per_request: sum((result) => result.upstream_calls) / answered,
    answered,
    errors,
    rounds: results.map((result) => ({ rps: result.rps, cpu_us: result.cpu_us.server })),
  };
}

/** Who is measured together, without a cache hit and with one. */
const COLD = ["ours", "hono", "hono, hand-tuned"];
const HOT = ["ours", "hono+cache", "hono+cache, hand-tuned"];

/** Every request asks for another space. */
export function cold(bench) {
  return loads(bench, COLD, COLD, () => ({ distinct: { seed: bench.nextSeed() } }));
}

/** All requests ask for one space. */
export function hot(bench) {
  const id = newId();
  return loads(bench, [...HOT, "empty"], HOT, () => ({ one: id }));
}

/** Servers in open mode, then those of `callers` with a token. */
async function loads(bench, open, callers, ids) {
  const rows = [];
  const bearer = callers.map(withBearer);
  await warmUp(bench, [...open, ...bearer], ids);
  for (const connections of bench.connections) {
    rows.push(...(await alternate(bench, open, connections, ids)));
  }
  for (const connections of bench.bearerConnections) {
    rows.push(...(await alternate(bench, bearer, connections, ids)));
  }
  return rows;
}

/** Fifty thousand warm requests. Ways to share a call that look right break after about twenty thousand. */
export async function warm(bench) {
  const options = { ids: { one: newId() }, connections: 64, durationMs: 120_000, requests: WARM_REQUESTS };
  const result = await load(bench, bench.servers.ours, options);
  return { requests: WARM_REQUESTS, ...result };
}

/** Simultaneous requests for one cold space: how many calls reach upstream, and is everybody served? */
export async function burst(bench) {
  const shapes = [
    { server: "ours", first: "stays" },
    { server: "ours", first: "leaves-at-once" },
    { server: "ours", first: "leaves-later", leaves_after_ms: BURST_LATENCY_MS / 4 },
    { server: "hono+cache", first: "stays" },
  ];
  const rows = [];
  await bench.upstream.slow(BURST_LATENCY_MS);
  try {
    for (const { server: name, ...shape } of shapes) {
      const tries = [];
      for (let n = 0; n < bench.bursts; n += 1) tries.push(await oneBurst(bench, bench.servers[name], shape));
      rows.push({ name, ...shape, tries });
    }
  } finally {
    await bench.upstream.slow(0);
  }
  return rows;
}

async function oneBurst(bench, server, shape) {
  const id = newId();
  const before = await bench.upstream.count();
  const target = { address: `127.0.0.1:${server.port}`, path: PATH };
  const result = await bench.loadgen({ mode: "burst", target, id, connections: BURST, ...shape });
  const ok = result.statuses["200"] ?? 0;
  return {
    upstream_calls: (await bench.upstream.count()) - before,
    served: ok,
    waiting: result.waiting,
    elapsed_ms: result.elapsed_ms,
    errors: result.errors,
    statuses: result.statuses,
  };
}

/** Bytes that are uploaded: every file, gzip -9. */
export function upload(bench) {
  return ["ours", "ours, the private one", "hono", "hono, hand-tuned"].map((name) => {
    const folder = join(bench.folder, SERVERS[name]?.code ?? PRIVATE);
    const files = readdirSync(folder).map((file) => {
      const bytes = readFileSync(join(folder, file));
      return { file, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    });
    return { name, files, gzip: files.reduce((sum, file) => sum + file.gzip, 0) };
  });
}

/** From the start of the process to the end of its first answer, a whole one with a call upstream. */
export async function startup(bench) {
  const names = ["empty", "ours", "hono", "hono, hand-tuned"];
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let n = 0; n < bench.starts; n += 1) {
    for (const name of names.map((_, turn) => names[(turn + n) % names.length])) {
      samples[name].push(await oneStart(bench, name));
    }
  }
  const column = (name, what) => samples[name].map((sample) => sample[what]);
  return names.map((name) => ({
    name,
    first_answer_ms: spread(column(name, "ms")),
    over_empty_ms: median(column(name, "ms")) - median(column("empty", "ms")),
    cpu_over_empty_ms: median(column(name, "cpuMs")) - median(column("empty", "cpuMs")),
  }));
}

async function oneStart(bench, name) {
  const port = bench.startupPort;
  const config = configure(bench.folder, name, { ...bench.serverOptions, port });
  const request = `GET ${PATH}${newId()} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`;
  const began = performance.now();
  const child = serve(config, `${config}.log`);
  try {
    let status;
    while (status === undefined) {
      status = await ask(port, request);
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
      if (performance.now() - began > 10_000) throw new Error(`${name} does not start`);
      if (status === undefined) await wait(1);
    }
    const ms = performance.now() - began;
    if (status !== 200) throw new Error(`${name} answered ${status} at first`);
    // Processor time in 10 ms ticks is too coarse for one start; the scheduler's own account has nanoseconds.
    const tasks = readdirSync(`/proc/${child.pid}/task`);
    const spent = tasks.map((task) =>
      Number(readFileSync(`/proc/${child.pid}/task/${task}/schedstat`, "utf8").split(" ")[0]),
    );
    return { ms, cpuMs: spent.reduce((sum, value) => sum + value, 0) / 1e6 };
  } finally {
    await stop(child);
    await setImmediate();
  }
}

/** Sends one request on a new connection: the status of its answer, or nothing when nobody listens. */
function ask(port, request) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.setNoDelay(true);
    socket.once("data", (bytes) => {
      done(Number(/^HTTP\/1\.1 (\d+)/.exec(bytes.toString("latin1"))?.[1]));
      socket.destroy();
    });
    socket.once("error", () => done(undefined));
  });
}

/** Before anything is measured: do the workers give the same answer, and refuse the same requests? */
export async function verify(bench) {
  const id = newId();
  const get = (server, query, bearer) =>
    fetch(`http://127.0.0.1:${server.port}${query}`, {
      headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    });
  const answers = {};
  const sent = {};
  for (const [name, { bearer }] of Object.entries(SERVERS)) {
    const server = bench.servers[name];
    if (name === "empty") continue;
    const good = await get(server, PATH + id, bearer);
    answers[name] = await good.text();
    sent[name] = securityHeaders(good.headers);
    if (!good.ok) throw new Error(`${name} answers ${good.status}: ${answers[name]}`);
    const bad = await get(server, `${PATH}x`, bearer);
    if (bad.status !== 400) throw new Error(`${name} answers ${bad.status} to a bad id, not 400`);
    await bad.text();
    for (const wrong of bearer ? [undefined, "x"] : []) {
      const refused = await get(server, PATH + id, wrong);
      if (refused.status !== 401) throw new Error(`${name} answers ${refused.status} to a stranger, not 401`);
      await refused.text();
    }
  }
  const [first, ...others] = Object.entries(answers).map(([name, text]) => [
    name,
    JSON.stringify(JSON.parse(text)),
  ]);
  for (const [name, text] of others) {
    if (text !== first[1]) throw new Error(`${name} and ${first[0]} answer differently`);
  }
  for (const [name, headers] of Object.entries(sent)) {
    if (headers !== sent.ours) throw new Error(`${name} sends ${headers}, and ours ${sent.ours}`);
  }
  return { bytes: answers.ours.length };
}

/** What an answer says beside its body and its id, without differences that cost nothing. */
function securityHeaders(headers) {
  const lines = [...headers]
    .filter(([name]) => name !== "x-request-id" && name !== "content-length" && name !== "date")
    .map(([name, value]) => `${name}: ${value.replace(/; charset=utf-8$/i, "")}`);
  return lines.sort().join(" | ");
}
