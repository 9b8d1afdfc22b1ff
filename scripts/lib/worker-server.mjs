// Runs the two workers and the emulator on this machine. start.sh (through serve.mjs) and the tests share this file, so that
// both run the same thing. docs/decisions/0001-local-runtime.md says why it is miniflare and not `wrangler dev`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";
import { startKeeper } from "./keeper.mjs";
import { applyMigrations } from "./migrations.mjs";
import { bindingsOf, emulatorCredentials, listenHost } from "./settings.mjs";
import { readWranglerConfig } from "./wrangler-config.mjs";

export { workerVariables } from "./settings.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Starts the public worker of wrangler.toml, and behind it the private one of wrangler.plans.toml, in one workerd.
 *
 * @param {object} options
 * @param {number} [options.port] Of the public worker. 0, the default, takes a free one.
 * @param {Record<string, string>} [options.bindings] Variables and secrets; they override `[vars]`. Each worker gets its own.
 * @param {{ url: string }} [options.emulator] Sets DATABRICKS_HOST and DATABRICKS_TOKEN for this emulator.
 * @param {string} [options.build] Folder with `public` and `plans`, each with worker.js and worker_bg.wasm; default build.
 * @param {{ public?: string, plans?: string }} [options.builds] Other folders for one of them.
 * @param {string | false} [options.behind] The source of a worker that stands for the private one; `false` binds none.
 * @param {string} [options.assets] Folder of static assets; default the one of wrangler.toml.
 * @param {string} [options.persist] Folder for local D1 data; without it the data ends with the workers.
 * @param {boolean} [options.clock] Whether time passes for the workers: cron triggers fire once a minute, whatever they
 *   say. Without it only `tick()` fires them.
 * @param {(line: { level: string, message: string, timestamp: number }) => void} [options.onLog] Called for each line
 *   that a worker or workerd writes. Without it, lines go nowhere.
 * @param {(problem: Error) => void} [options.onCrash] Called when workerd ended by itself. miniflare has then started
 *   it again; whoever does not want that calls stop().
 * @returns {Promise<{ url: string, port: number, pid: () => number | undefined, databases: Record<string, unknown>,
 *   applied: string[], tick: () => Promise<void>, behind: (path: string, init?: object) => Promise<Response>,
 *   stop: () => Promise<void> }>} `databases` are D1 bindings, for tests that look inside; `behind` asks the private worker
 *   without the public one.
 */
export async function startWorker(options = {}) {
  const config = readWranglerConfig(path.join(root, "wrangler.toml"));
  const plans = readWranglerConfig(path.join(root, "wrangler.plans.toml"));
  const built = (name, { main }) => {
    const folder = options.build ? path.join(options.build, name) : path.dirname(main);
    return path.join(path.resolve(options.builds?.[name] ?? folder), path.basename(main));
  };
  const [main, plansMain] = [built("public", config), built("plans", plans)];
  const directory = options.assets ? path.resolve(options.assets) : config.assets?.directory;
  for (const [file, script] of [
    [main, "scripts/build.sh worker"],
    ...(options.behind === undefined ? [[plansMain, "scripts/build.sh worker"]] : []),
    ...(directory ? [[directory, "npm run build -w web"]] : []),
  ]) {
    if (!existsSync(file)) throw new Error(`${path.relative(root, file)} is not there; ${script} builds it`);
  }

  const bindings = {
    ...(options.emulator && {
      DATABRICKS_HOST: options.emulator.url,
      DATABRICKS_TOKEN: emulatorCredentials.token,
    }),
    ...options.bindings,
  };
  // What a worker is really bound to, whatever anybody says.
  const variables = (name, { vars }) => ({
    ...vars,
    ...bindingsOf(name, bindings),
    LISTEN_HOST: listenHost,
  });
  const workers = [];
  if (options.behind === undefined) workers.push(describe(plans, plansMain, variables("plans", plans)));
  else if (options.behind) workers.push(scripted(plans.name, options.behind));
  const services = options.behind === false ? [] : config.services;
  // The first is the one that the port leads to.
  workers.unshift(describe({ ...config, services }, main, variables("public", config), directory));

  const keeper = startKeeper();
  const signals = listenersOf();
  let stopped;
  const crashed = (cause) => {
    if (!stopped) options.onCrash?.(cause);
  };
  const temporary = process.env.TMPDIR;
  // Where miniflare puts its own temporary folder; the keeper removes it when nobody else can.
  process.env.TMPDIR = keeper.directory;
  const miniflare = new Miniflare({
    host: listenHost,
    port: options.port ?? 0,
    // Nothing of this goes to the network or to the folders that wrangler shares between projects.
    cf: false,
    enableDevRegistry: false,
    telemetry: { enabled: false },
    logRequests: false,
    log: new CrashLog(crashed),
    handleStructuredLogs: (line) => options.onLog?.(line),
    unsafeHandleRuntimeRestart: () => crashed(new Error("workerd ended unexpectedly")),
    unsafeRuntimeEnv: keeper.env,
    ...(options.persist && { resourcePersistencePath: path.resolve(options.persist) }),
    workers,
  });
  restoreListeners(signals);
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;

  const tick = async () => {
    const worker = await miniflare.getWorker(plans.name);
    await worker.scheduled({ cron: plans.crons[0] ?? "* * * * *", scheduledTime: new Date() });
  };
  let clock;
  const stop = () => {
    clearInterval(clock);
    stopped ??= (async () => {
      try {
        await miniflare.dispose();
      } finally {
        await keeper.release();
      }
    })();
    return stopped;
  };

  try {
    const url = await miniflare.ready;
    const databases = {};
    const applied = [];
    for (const { binding, migrations } of config.databases) {
      databases[binding] = await miniflare.getD1Database(binding, config.name);
      if (existsSync(migrations)) applied.push(...(await applyMigrations(databases[binding], migrations)));
    }
    if (options.clock && plans.crons.length > 0) {
      // A tick that fails says so in the worker's log.
      clock = setInterval(() => void tick().catch(() => {}), 60_000);
      clock.unref();
    }
    const behind = async (address, init) =>
      (await miniflare.getWorker(plans.name)).fetch(url.origin + address, init);
    return {
      url: url.origin,
      port: Number(url.port),
      pid: keeper.pid,
      databases,
      applied,
      tick,
      behind,
      stop,
    };
  } catch (problem) {
    await stop().catch(() => {});
    throw problem;
  }
}

/** One worker for miniflare, with the bindings that its configuration names. */
function describe(config, main, variables, directory) {
  const env = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined) env[name] = { type: "text", value: String(value) };
  }
  for (const { binding, id } of config.databases) env[binding] = { type: "d1", id };
  for (const { binding, service } of config.services) env[binding] = { type: "worker", worker: service };
  if (config.assets?.binding) env[config.assets.binding] = { type: "assets" };
  return {
    config: {
      name: config.name,
      compatibilityDate: config.compatibilityDate,
      compatibilityFlags: config.compatibilityFlags,
      manifest: {
        mainModule: path.basename(main),
        modulesRoot: path.dirname(main),
        modules: modulesOf(main),
      },
      env,
      ...(config.assets && {
        assets: {
          directory,
          hasUserWorker: true,
          ...(config.assets.runWorkerFirst !== undefined && {
            runWorkerFirst: config.assets.runWorkerFirst,
          }),
          ...(config.assets.notFoundHandling && { notFoundHandling: config.assets.notFoundHandling }),
          ...(config.assets.htmlHandling && { htmlHandling: config.assets.htmlHandling }),
        },
      }),
    },
  };
}

/** A worker of this source, for tests. */
function scripted(name, source) {
  return {
    config: {
      name,
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["enable_request_signal"],
      manifest: {
        mainModule: "worker.js",
        modulesRoot: root,
        modules: { "worker.js": { type: "esm", contents: source } },
      },
      env: {},
    },
  };
}

/** The module that a configuration names and the compiled wasm beside it. */
function modulesOf(main) {
  const wasm = path.join(path.dirname(main), "worker_bg.wasm");
  return {
    [path.basename(main)]: { type: "esm", contents: readFileSync(main, "utf8") },
    [path.basename(wasm)]: { type: "wasm", contents: new Uint8Array(readFileSync(wasm)) },
  };
}

// miniflare ends the process on signals by itself, with its own exit codes and before anybody else can clean up. Its
// hook on `exit` is welcome, those on signals are not.
const handledSignals = ["SIGINT", "SIGTERM", "SIGHUP"];

function listenersOf() {
  return handledSignals.map((signal) => process.listeners(signal));
}

function restoreListeners(before) {
  handledSignals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!before[index].includes(listener)) process.removeListener(signal, listener);
    }
  });
}

/** miniflare says through its log when workerd could not be started again. */
class CrashLog extends Log {
  #onError;

  constructor(onError) {
    super(LogLevel.ERROR);
    this.#onError = onError;
  }

  error(problem) {
    this.#onError(problem);
  }

  log() {}
}

/**
 * Starts the emulator of a Databricks workspace.
 *
 * @param {object} options
 * @param {number} [options.port] 0, the default, takes a free one.
 * @param {number} [options.controlPort] Likewise.
 * @param {Record<string, string>} [options.env] More of its variables, for example EMULATOR_ANY_SPACE.
 * @param {(line: string) => void} [options.onLog] Called for each line it writes to stderr.
 * @param {(problem: Error) => void} [options.onCrash] Called when it ended and nobody had called stop().
 * @returns {Promise<{ url: string, controlUrl: string, token: string, pid: number, stop: () => Promise<void>,
 *   kill: () => Promise<void> }>} `kill` ends it without any courtesy, as a crash would.
 */
export async function startEmulator(options = {}) {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
  const binary = process.env.EMULATOR_BIN ?? path.resolve(root, target, "debug", "emulator");
  if (!existsSync(binary)) throw new Error("the emulator is not built; cargo build -p emulator");
  const emulator = spawn(binary, [], {
    // Its own session: Ctrl+C goes to the supervisor, which stops it in order. The end of its standard input, which
    // comes when the supervisor is gone for whatever reason, stops it as well.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      ...(process.env.RUST_BACKTRACE && { RUST_BACKTRACE: process.env.RUST_BACKTRACE }),
      ...options.env,
      EMULATOR_PORT: String(options.port ?? 0),
      EMULATOR_CONTROL_PORT: String(options.controlPort ?? 0),
      EMULATOR_EXIT_ON_STDIN_EOF: "1",
    },
  });
  let stopping = false;
  const tail = [];
  const gone = once(emulator, "exit").then(([code, signal]) => {
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    return new Error([`the emulator ${how}`, ...tail].join("\n"));
  });
  emulator.stdin.on("error", () => {});
  createInterface({ input: emulator.stderr }).on("line", (line) => {
    tail.push(line);
    if (tail.length > 20) tail.shift();
    options.onLog?.(line);
  });
  const end = async (signal) => {
    stopping = true;
    if (emulator.exitCode === null && emulator.signalCode === null) emulator.kill(signal);
    await gone;
  };

  const listening = new Promise((resolve) => {
    createInterface({ input: emulator.stdout }).on("line", (line) => {
      try {
        const message = JSON.parse(line);
        if (message.event === "listening") resolve(message);
      } catch {
        // Not for us.
      }
    });
  });
  const first = await Promise.race([listening, gone]);
  if (first instanceof Error) throw first;
  void gone.then((problem) => {
    if (!stopping) options.onCrash?.(problem);
  });
  return {
    url: `http://${listenHost}:${first.port}`,
    controlUrl: `http://${listenHost}:${first.control_port}`,
    token: emulatorCredentials.token,
    pid: emulator.pid,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}
