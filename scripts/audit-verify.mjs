#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Verifies the audit log: that no entry was changed, removed or put in another place since it was written.
//
//   node scripts/audit-verify.mjs --url https://handoff.example.com     through the API; AUDIT_TOKEN is the bearer token
//   node scripts/audit-verify.mjs --file dump.json                      entries exported by other means
//   node scripts/audit-verify.mjs --local .data                         the database of a local server
//
//   --contains HASH   also checks that this hash, noted at an earlier verification, is still in the chain
//   --json            the result as JSON
//
// A file holds what `wrangler d1 execute genie-handoff --remote --json --command "SELECT * FROM audit ORDER BY seq"`
// prints, or a list of entries. Exit code: 0 the chain holds, 1 it does not, 2 it could not be looked at.
//
// Whoever can write to the database can write a whole new chain. Note the last hash now and then, somewhere else, and
// ask for it with --contains.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parsed, verifyRows } from "./lib/audit-chain.mjs";
import { readLocalAudit } from "./lib/audit-local.mjs";

const say = (text) => process.stdout.write(`${text}\n`);

function options() {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      file: { type: "string" },
      local: { type: "string" },
      contains: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const sources = [values.url, values.file, values.local].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new Error("Say where the log is: --url ADDRESS, --file FILE or --local FOLDER.");
  return values;
}

/** All entries, oldest first. The list is newest first, so it is read to its end and turned round. */
async function readApi(address) {
  const token = process.env.AUDIT_TOKEN;
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const entries = [];
  let next = "";
  do {
    const url = new URL("/api/audit", address);
    url.searchParams.set("page_size", "100");
    if (next) url.searchParams.set("page_token", next);
    const response = await fetch(url, { headers, redirect: "error" });
    const body = await response.json().catch(() => ({}));
    if (!response.ok)
      throw new Error(`${url.origin} answered ${response.status}: ${body.detail ?? "no reason given"}`);
    entries.push(...body.entries);
    next = body.next_page_token;
  } while (next);
  const verified = await fetch(new URL("/api/audit/verify", address), { headers, redirect: "error" });
  const server = await verified.json().catch(() => ({}));
  // The end that the database keeps is not part of the list; when entries are missing at the end, the server knows.
  return { rows: entries.reverse(), server };
}

function readFile(file) {
  let rows = JSON.parse(readFileSync(file, "utf8"));
  if (Array.isArray(rows) && Array.isArray(rows[0]?.results)) rows = rows[0].results;
  if (!Array.isArray(rows)) rows = rows.entries ?? rows.results;
  if (!Array.isArray(rows)) throw new Error(`${file} holds no list of entries.`);
  return rows.map(parsed).sort((a, b) => a.seq - b.seq);
}

async function main() {
  const given = options();
  let result;
  let rows;
  if (given.url !== undefined) {
    const read = await readApi(given.url);
    rows = read.rows;
    result = verifyRows(rows);
    if (result.problem === null && read.server.state === "broken") result.problem = read.server.problem;
  } else if (given.local !== undefined) {
    const read = await readLocalAudit(given.local);
    rows = read.rows.map(parsed);
    result = verifyRows(rows, read.head);
  } else {
    rows = readFile(given.file);
    result = verifyRows(rows);
  }
  const missing = given.contains !== undefined && !rows.some((row) => row.hash === given.contains);
  const good = result.problem === null && !missing;
  if (given.json) {
    say(
      JSON.stringify({
        state: good ? "intact" : "broken",
        ...result,
        ...(missing && { not_found: given.contains }),
      }),
    );
  } else if (result.problem !== null) {
    say(`The chain is broken at entry ${result.problem.seq}: it was ${result.problem.kind}.`);
    say(`${result.entries} entries before it hold; the last of them has the hash ${result.head_hash}.`);
  } else {
    say(`The chain holds: ${result.entries} entries, the last has the hash ${result.head_hash}.`);
  }
  if (missing && !given.json)
    say(`The hash ${given.contains} is not in it: this is not the chain that you knew.`);
  return good ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (problem) => {
    const cause = problem.cause?.message ? ` (${problem.cause.message})` : "";
    process.stderr.write(`${problem.message}${cause}\n`);
    process.exitCode = 2;
  },
);
