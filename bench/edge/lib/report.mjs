// Results as text: absolute numbers, ratios, and what they mean for the targets.

import { withBearer } from "./servers.mjs";
import { ratio } from "./statistics.mjs";

const n0 = (value) => Math.round(value).toLocaleString("en");
const n2 = (value) => value.toFixed(2);
const range = ({ median, min, max }, form) => `${form(median)} (${form(min)}-${form(max)})`;

/** A table as plain text; the first column to the left, the others to the right. */
function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]) : cell.padStart(widths[n]))).join("  ");
  return [line(all[0]), widths.map((width) => "-".repeat(width)).join("  "), ...all.slice(1).map(line)].join(
    "\n",
  );
}

function loads(title, rows) {
  const head = [
    "server",
    "conns",
    "req/s (min-max)",
    "p50 ms",
    "p99 ms",
    "CPU us/req (min-max)",
    "calls/req",
    "errors",
  ];
  const cells = rows.map((row) => [
    row.name,
    row.connections,
    range(row.rps, n0),
    n2(row.p50_us / 1000),
    n2(row.p99_us / 1000),
    range(row.cpu_us, n0),
    row.upstream_calls_per_request.toFixed(3),
    count(row.errors),
  ]);
  return `${title}\n${table(head, cells)}`;
}

function count(errors) {
  return Object.values(errors).reduce((sum, value) => sum + value, 0);
}

/** Requests of the whole run that were not answered as they should have been, by scenario. A run with any has failed. */
export function failures(results) {
  const found = {};
  const note = (scenario, wrong) => {
    if (wrong > 0) found[scenario] = (found[scenario] ?? 0) + wrong;
  };
  for (const scenario of ["cold", "hot", "instructions"]) {
    for (const row of results[scenario] ?? []) note(scenario, count(row.errors));
  }
  if (results.warm) note("warm", wrongOf(results.warm));
  for (const { tries } of results.burst ?? []) {
    for (const one of tries) note("burst", one.waiting - one.served);
  }
  return found;
}

/** Requests that were asked for and not answered right; an answer that is wrong counts once. */
function wrongOf({ requests, ok, errors }) {
  return Math.max(requests - ok, count(errors));
}

/** Pairs of servers under the same load, as ratios of the rounds they were measured in. */
export function ratios(results) {
  const pairs = [];
  const add = (scenario, rows, over, under) => {
    for (const a of rows.filter((row) => row.name === over)) {
      const b = rows.find((row) => row.name === under && row.connections === a.connections);
      if (b === undefined) continue;
      const series = (row, key) => row.rounds.map((round) => round[key]);
      pairs.push({
        scenario,
        over,
        under,
        connections: a.connections,
        rps: ratio(series(a, "rps"), series(b, "rps")),
        cpu: ratio(series(a, "cpu_us"), series(b, "cpu_us")),
        // A refusal costs less than an answer: with one among them the figures say nothing about answers.
        valid: count(a.errors) === 0 && count(b.errors) === 0,
      });
    }
  };
  for (const under of ["hono", "hono, hand-tuned"]) {
    add("cold", results.cold ?? [], "ours", under);
    add("cold", results.cold ?? [], withBearer("ours"), withBearer(under));
  }
  for (const under of ["hono+cache", "hono+cache, hand-tuned"]) {
    add("hot", results.hot ?? [], "ours", under);
    add("hot", results.hot ?? [], withBearer("ours"), withBearer(under));
  }
  add("hot", results.hot ?? [], "ours", "empty");
  return pairs;
}

/**
 * The targets, each with what was measured. `met` is the demand, `aim` the hope beyond it. What rests on rounds with errors
 * is not judged: `valid` is false, and there is neither `met` nor `reached`.
 */
export function targets(results, pairs) {
  const list = [];
  const add = (what, value, demand, aim, better, valid = true) =>
    list.push({
      what,
      value,
      valid,
      demand,
      aim,
      ...(valid && demand !== undefined && { met: better(value, demand) }),
      ...(valid && aim !== undefined && { reached: better(value, aim) }),
    });
  const more = (value, bound) => value >= bound;
  const less = (value, bound) => value <= bound;
  for (const pair of pairs) {
    const name = `${pair.scenario}, ${pair.connections} connections, ${pair.over} / ${pair.under}`;
    const judged = pair.connections === 16 || pair.connections === 64;
    if (pair.scenario === "cold" && judged) {
      add(`${name}: req/s`, pair.rps.median, 1.0, 1.25, more, pair.valid);
      add(`${name}: CPU per request`, pair.cpu.median, 1.0, 0.85, less, pair.valid);
    }
    if (pair.scenario === "hot" && judged && pair.under !== "empty") {
      add(`${name}: req/s`, pair.rps.median, 1.3, 1.6, more, pair.valid);
    }
    if (pair.scenario === "hot" && judged && pair.under === "empty") {
      // An aim without a demand.
      add(`${name}: req/s`, pair.rps.median, undefined, 0.8, more, pair.valid);
    }
  }
  if (results.warm) {
    const what = `${n0(results.warm.requests)} warm requests: not answered right`;
    add(what, wrongOf(results.warm), 0, undefined, less);
  }
  for (const row of (results.burst ?? []).filter((row) => row.name === "ours")) {
    const most = Math.max(...row.tries.map((one) => one.upstream_calls));
    const unserved = Math.max(...row.tries.map((one) => one.waiting - one.served));
    add(`burst, first client ${row.first}: upstream calls`, most, 2, undefined, less, unserved === 0);
    add(`burst, first client ${row.first}: not served`, unserved, 0, undefined, less);
  }
  if (results.upload) {
    const row = results.upload.find((row) => row.name === "ours");
    if (row) add("upload of the public worker, kB gzip", row.gzip / 1000, 160, 90, less);
  }
  return list;
}

const NOT_VALID = "not valid";

function verdict({ valid }, holds, yes, no) {
  if (!valid) return NOT_VALID;
  if (holds === undefined) return "";
  return holds ? yes : no;
}

/** Everything as text. */
export function text(results, pairs, judged) {
  const parts = [];
  if (results.upload) {
    const rows = results.upload.flatMap((row) => [
      ...row.files.map(({ file, bytes, gzip }) => [`${row.name}/${file}`, n0(bytes), n0(gzip)]),
      [`${row.name} in all`, "", n0(row.gzip)],
    ]);
    parts.push(`Upload\n${table(["file", "bytes", "gzip -9"], rows)}`);
  }
  if (results.startup) {
    const rows = results.startup.map((row) => [
      row.name,
      range(row.first_answer_ms, (value) => value.toFixed(1)),
      row.over_empty_ms.toFixed(1),
      row.cpu_over_empty_ms.toFixed(1),
    ]);
    const head = ["server", "first answer ms (min-max)", "over empty ms", "CPU over empty ms"];
    parts.push(`Start-up: from the start of the process to its first answer\n${table(head, rows)}`);
  }
  if (results.cold) parts.push(loads("Cold: every request asks for another space", results.cold));
  if (results.hot) parts.push(loads("Hot: one space", results.hot));
  if (results.instructions) {
    const rows = results.instructions.map((row) => [
      `${row.scenario}: ${row.name}`,
      range(row.thousands, n0),
      count(row.errors),
    ]);
    const head = ["server", "thousands per request (min-max)", "errors"];
    parts.push(`Instructions in user mode, 16 connections\n${table(head, rows)}`);
  }
  if (results.warm) {
    const { answered, ok, rps, upstream_calls: calls, errors } = results.warm;
    parts.push(
      `Warm: ${n0(answered)} answers, ${n0(ok)} with status 200, ${count(errors)} errors, ` +
        `${calls} upstream calls, ${n0(rps)} req/s`,
    );
  }
  if (results.burst) {
    const rows = results.burst.map((row) => [
      `${row.name}, first client ${row.first}`,
      row.tries.map((one) => one.upstream_calls).join(" "),
      row.tries.map((one) => `${one.served}/${one.waiting}`).join(" "),
      row.tries.map((one) => n0(one.elapsed_ms)).join(" "),
    ]);
    const head = ["200 at once, one cold space", "upstream calls", "served/waiting", "ms"];
    parts.push(`Burst: upstream answers after 100 ms\n${table(head, rows)}`);
  }
  if (pairs.length > 0) {
    const rows = pairs.map((pair) => [
      `${pair.scenario}: ${pair.over} / ${pair.under}`,
      pair.connections,
      range(pair.rps, n2),
      range(pair.cpu, n2),
      pair.valid ? "" : NOT_VALID,
    ]);
    const head = ["ratio of the rounds", "conns", "req/s (min-max)", "CPU/req (min-max)", ""];
    parts.push(`Ratios\n${table(head, rows)}`);
  }
  const rows = judged.map((one) => [
    one.what,
    Number.isInteger(one.value) ? one.value : n2(one.value),
    one.demand ?? "",
    verdict(one, one.met, "met", "NOT MET"),
    one.aim ?? "",
    verdict(one, one.reached, "reached", "not reached"),
  ]);
  parts.push(`Targets\n${table(["target", "measured", "demand", "", "aim", ""], rows)}`);
  const failed = Object.entries(failures(results));
  if (failed.length > 0) {
    const where = failed.map(([scenario, wrong]) => `${scenario} ${n0(wrong)}`).join(", ");
    parts.push(
      `FAILED: requests were not answered as they should have been (${where}). What rests on them is not valid.`,
    );
  }
  return parts.join("\n\n");
}
