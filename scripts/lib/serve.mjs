// The supervisor behind start.sh: starts the emulator (if no workspace is named) and the worker, prints the address,
// and stops everything on a signal or when any part ends by itself.
//
//   node scripts/lib/serve.mjs --check    only looks at settings and ports, before time is spent on building
//   node scripts/lib/serve.mjs
//
// Exit code: 0 after Ctrl+C, SIGTERM or a closed terminal; 1 after a crash or when it could not start.

import { createWriteStream, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { holderOf, isFree } from "./ports.mjs";
import { listenHost, readSettings, SettingsError, secretVariables } from "./settings.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Local data and logs: what wrangler would use as well. Tests keep theirs apart. */
const state = path.resolve(root, process.env.GENIE_HANDOFF_STATE ?? ".wrangler");
/** How long parts may take to stop before the supervisor leaves all the same; what is left then ends with it. */
const stopWithinMs = 5_000;

/** Ends the program with a message. */
class Failure extends Error {
  constructor(message, wayOut = []) {
    super(message);
    this.wayOut = wayOut;
  }
}

async function checkPorts(settings) {
  const ports = [["PORT", settings.port]];
  if (settings.emulator) {
    ports.push(["EMULATOR_PORT", settings.emulator.port]);
    ports.push(["EMULATOR_CONTROL_PORT", settings.emulator.controlPort]);
  }
  for (const [variable, port] of ports) {
    if (await isFree(port, listenHost)) continue;
    const holder = holderOf(port);
    throw new Failure(`port ${port} is taken${holder ? ` by ${holder}` : ""}`, [
      "Stop that program, or choose another port:",
      `${variable}=${await freeNear(port, ports)} ./scripts/start.sh`,
    ]);
  }
}

async function freeNear(port, taken) {
  for (let candidate = port + 10; candidate < 65_535; candidate += 10) {
    if (!taken.some(([, used]) => used === candidate) && (await isFree(candidate, listenHost)))
      return candidate;
  }
  return "0";
}

/** A log file per part; the one of the last start is kept beside it. */
function openLog(name) {
  const file = path.join(state, "logs", `${name}.log`);
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    renameSync(file, `${file}.1`);
  } catch {
    // The first start.
  }
  const stream = createWriteStream(file, { mode: 0o600 });
  stream.on("error", () => {}); // A full disk must not stop the program.
  return { file: path.relative(root, file), write: (line) => stream.write(`${line}\n`) };
}

async function main() {
  const started = Number(process.env.GENIE_HANDOFF_STARTED) * 1000 || Date.now();
  const settings = readSettings(process.env);
  // What the worker gets is in `settings` now. No other process inherits it.
  for (const name of secretVariables) delete process.env[name];

  if (process.argv.includes("--check")) {
    await checkPorts(settings);
    for (const warning of settings.warnings) console.error(`warning: ${warning}`);
    return 0;
  }

  // Resolves with the exit code: the first of a signal and a crash decides.
  const end = Promise.withResolvers();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // `nohup` asks for a program that stays when the terminal closes; start.sh passes that on.
    if (signal === "SIGHUP" && process.env.GENIE_HANDOFF_NOHUP) process.on(signal, () => {});
    else process.on(signal, () => end.resolve({ code: 0, signal }));
  }
  // The reader of our output may go away first, as in `start.sh | head`.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const onCrash = (part, log) => (problem) => end.resolve({ code: 1, part, problem, log });

  const parts = [];
  const running = (async () => {
    await checkPorts(settings);
    // Loaded here: it takes a moment, and a signal is already heard meanwhile.
    const { startEmulator, startWorker } = await import("./worker-server.mjs");
    if (settings.emulator) {
      const log = openLog("emulator");
      parts.push(
        await startEmulator({
          ...settings.emulator,
          onLog: log.write,
          onCrash: onCrash("the emulator", log),
        }),
      );
    }
    const log = openLog("worker");
    const tail = [];
    const worker = await startWorker({
      port: settings.port,
      bindings: settings.bindings,
      persist: path.join(state, "state", "v3"),
      clock: true,
      onLog: ({ message }) => {
        log.write(message);
        tail.push(message);
        if (tail.length > 20) tail.shift();
      },
      onCrash: (problem) =>
        onCrash("the worker", log)(new Error([`${problem.message}; its last lines:`, ...tail].join("\n"))),
    });
    parts.push(worker);
    const answer = await fetch(`${worker.url}/health`);
    if (!answer.ok)
      throw new Failure(
        `the worker does not serve: /health answers ${answer.status}\n${await answer.text()}`,
      );
    const health = await answer.json();
    banner(settings, worker, health, log, started);
  })();
  running.catch((problem) => end.resolve({ code: 1, problem }));

  const reason = await end.promise;
  if (reason.signal) console.log("\nStopping ...");
  // A part that is still starting must be stopped too, so wait for it, but not for ever.
  const late = setTimeout(() => process.exit(reason.code), stopWithinMs);
  await running.catch(() => {});
  await Promise.allSettled(parts.map((part) => part.stop()));
  clearTimeout(late);
  if (reason.part) {
    throw new Failure(
      `${reason.part} stopped by itself, so everything is stopped.\n${reason.problem.message}`,
      [`Its log: ${reason.log.file}`],
    );
  }
  if (reason.problem) throw reason.problem;
  console.log("All parts are stopped.");
  return reason.code;
}

function banner(settings, worker, health, log, started) {
  const lines = [];
  if (worker.applied.length > 0)
    lines.push(`Local database brought up to date: ${worker.applied.join(", ")}`);
  lines.push("", `  ${worker.url}`, "");
  if (settings.emulator) {
    lines.push(
      `  Emulator: nothing here is a real workspace. Set DATABRICKS_HOST to talk to one.`,
      `  It listens on ${listenHost}:${settings.emulator.port}; faults are switched on ${listenHost}:${settings.emulator.controlPort}.`,
    );
  } else {
    lines.push(`  Workspace: ${settings.bindings.DATABRICKS_HOST}`);
  }
  if (health.auth === "open") {
    lines.push("  Open mode: anyone on this machine can call the server. API_TOKENS switches that off.");
  }
  for (const warning of settings.warnings) lines.push(`  Note: ${warning}`);
  lines.push(
    `  Log: ${log.file}`,
    "",
    `Ready after ${((Date.now() - started) / 1000).toFixed(1)} s. Ctrl+C stops everything.`,
  );
  console.log(lines.join("\n"));
}

try {
  process.exitCode = await main();
} catch (problem) {
  const wayOut = problem instanceof Failure ? problem.wayOut : [];
  const known = problem instanceof Failure || problem instanceof SettingsError;
  const text = problem instanceof SettingsError ? problem.problems.join("\n       ") : problem.message;
  console.error(`\nerror: ${text}`);
  for (const line of wayOut) console.error(`  ${line}`);
  if (!known && process.env.DEBUG) console.error(problem.stack);
  process.exitCode = 1;
}
// Something that still holds the event loop must not keep a stopped program alive.
setTimeout(() => process.exit(), 1_000).unref();
