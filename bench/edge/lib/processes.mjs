// Starts the processes of a run and ends every one of them, by its own handle, however the run ends.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const running = new Set();
const folders = new Set();

// The last resort when the run itself dies: `exit` handlers may only do what needs no waiting.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]) {
  process.on(signal, () => process.exit(code));
}

/** A folder that goes when the run ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "genie-handoff-bench-"));
  folders.add(folder);
  return folder;
}

/**
 * Starts `command`. What it says on standard error goes into `errors` (a path) or is kept for the caller to read; standard
 * output is dropped or piped.
 */
export function start(
  command,
  args,
  { env = {}, errors, keepErrors = false, stdout = "ignore", stdin = "ignore" } = {},
) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: [stdin, stdout, errors === undefined && !keepErrors ? "ignore" : "pipe"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  if (errors !== undefined) child.stderr.pipe(createWriteStream(errors));
  return child;
}

/** Ends a process that was started here and waits until it is gone. */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(late);
}

/** Ends everything. */
export async function stopAll() {
  await Promise.all([...running].map(stop));
}

/** Runs a command to its end and gives its standard output; its standard error is shown. */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  const [code] = await once(child, "close");
  running.delete(child);
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return Buffer.concat(chunks).toString();
}

/** Waits until somebody listens on the port; fails when `child` ends first or nobody does within ten seconds. */
export async function listening(port, child) {
  const until = Date.now() + 10_000;
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`the server for port ${port} ended with ${child.exitCode}`);
    if (Date.now() > until) throw new Error(`nobody listens on port ${port}`);
    await wait(1);
  }
}

/** Whether a connection to the port is accepted right now. */
export function accepts(port) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}
