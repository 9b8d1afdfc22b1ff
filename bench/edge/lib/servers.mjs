// The servers under test: one workerd process each, all of the same binary, with the same upstream.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { listening, start } from "./processes.mjs";

/** The package exports the path of the program for this machine. */
const WORKERD = createRequire(import.meta.url)("workerd").default;

/** The caller's token in the variants that demand one. */
export const BEARER = "bench-caller-token";
const API_TOKENS = `bench:${createHash("sha256").update(BEARER).digest("hex")}`;
/**
 * Requests per minute that ours allows a caller: more than anybody can send. Not 0, which would be no limit: requests are
 * counted here as they are where it is deployed.
 */
const RATE_LIMIT = "4000000000";

/** What runs where. `code` names a folder that `prepare` fills; those of Hono are the names of files in `workers/`. */
const CODE = {
  ours: "ours",
  hono: "hono-middleware",
  "hono+cache": "hono-middleware-cache",
  "hono, hand-tuned": "hono",
  "hono+cache, hand-tuned": "hono-cache",
};
export const SERVERS = {
  empty: { code: "empty" },
  ...Object.fromEntries(Object.entries(CODE).map(([name, code]) => [name, { code }])),
  ...Object.fromEntries(
    Object.entries(CODE).map(([name, code]) => [withBearer(name), { code, bearer: BEARER }]),
  ),
};

/** The name of the same server with callers who must show a token. */
export function withBearer(name) {
  return `${name}, bearer`;
}

/** Ours, and where each is built. The private one is uploaded as well and serves nobody here. */
export const PRIVATE = "ours-plans";
const BUILDS = { ours: "build/public", [PRIVATE]: "build/plans" };

/** Puts the code of every server under `folder`, as it would be uploaded. */
export async function prepare(root, folder) {
  for (const [code, build] of Object.entries(BUILDS)) {
    mkdirSync(join(folder, code), { recursive: true });
    for (const file of ["worker.js", "worker_bg.wasm"]) {
      const built = join(root, build, file);
      if (!existsSync(built))
        throw new Error(`${build}/${file} is missing; scripts/build.sh worker builds it`);
      copyFileSync(built, join(folder, code, file));
    }
  }
  for (const name of ["empty", ...Object.values(CODE).filter((code) => !(code in BUILDS))]) {
    await build({
      entryPoints: [join(root, "bench/edge/workers", `${name}.js`)],
      outfile: join(folder, name, "worker.js"),
      bundle: true,
      minify: true,
      format: "esm",
      conditions: ["workerd", "worker", "browser"],
      logLevel: "error",
    });
  }
}

/** Writes the configuration of one server and gives its path. */
export function configure(folder, name, { port, upstream, compatibilityDate }) {
  const { code, bearer } = SERVERS[name];
  const bindings = {
    DATABRICKS_HOST: `http://127.0.0.1:${upstream}`,
    DATABRICKS_TOKEN: "emulator-token",
    LISTEN_HOST: "127.0.0.1",
    ...(bearer && { API_TOKENS }),
    ...(bearer && code in BUILDS && { RATE_LIMIT }),
  };
  const text = JSON.stringify;
  const modules = [`(name = "worker.js", esModule = embed ${text(`${code}/worker.js`)})`];
  if (code in BUILDS)
    modules.push(`(name = "worker_bg.wasm", wasm = embed ${text(`${code}/worker_bg.wasm`)})`);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  bindings = [${Object.entries(bindings).map(([key, value]) => `(name = ${text(key)}, text = ${text(value)})`)}],
  compatibilityDate = ${text(compatibilityDate)},
);
`;
  const path = join(folder, `${name.replace(/\W+/g, "-")}.capnp`);
  writeFileSync(path, config);
  return path;
}

/** Starts workerd with a configuration. Its console output is made and thrown away, the same for all. */
export function serve(config, errors) {
  return start(WORKERD, ["serve", config], { errors });
}

/** Starts a server and waits until it listens. */
export async function serveAndWait(folder, name, options) {
  const config = configure(folder, name, options);
  const child = serve(config, `${config}.log`);
  await listening(options.port, child);
  return { name, port: options.port, pid: child.pid, bearer: SERVERS[name].bearer, child };
}

/** Starts the stand-in workspace and waits for its word that it listens. */
export async function serveUpstream(program, { port, controlPort, errors }) {
  const child = start(program, [], {
    env: {
      EMULATOR_PORT: String(port),
      EMULATOR_CONTROL_PORT: String(controlPort),
      EMULATOR_ANY_SPACE: "1",
      EMULATOR_EXIT_ON_STDIN_EOF: "1",
    },
    errors,
    stdin: "pipe",
  });
  await listening(port, child);
  await listening(controlPort, child);
  return { port, controlPort, pid: child.pid, child };
}
