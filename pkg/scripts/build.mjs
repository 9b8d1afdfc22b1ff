#!/usr/bin/env node
/**
 * Builds dist/: Rust -> wasm -> glue -> optimised wasm, then TypeScript. Steps whose inputs did not change are skipped.
 *
 *   node scripts/build.mjs            build
 *   node scripts/build.mjs --force    build everything again
 *
 * From the environment: RUSTUP_TOOLCHAIN and CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER (what can compile for wasm32;
 * scripts/lib sets them), WASM_BINDGEN_BIN, WASM_OPT_BIN, GENIE_HANDOFF_CACHE (where tools are kept).
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { withOrder } from "./arrange.mjs";
import { checkTraps, withTraps } from "./trap.mjs";

const pkg = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const root = path.dirname(pkg);
const dist = path.join(pkg, "dist");
/** Not in dist/, which is what gets published. */
const state = path.join(root, "target", "pkg");
/**
 * The wasm modules: the crate, the name of what is made of it, and the file with the bytes for the inline entry. A page
 * loads the first at once and the second when it is needed. A silent module does not use the printing of Rust's standard
 * library.
 */
const MODULES = [
  { crate: "wasm", name: "handoff", inline: "inline-bytes", silent: true },
  { crate: "wasm-suggest", name: "suggest", inline: "inline-suggest" },
];
const force = process.argv.includes("--force");

class BuildError extends Error {}

function main() {
  mkdirSync(path.join(dist, "generated"), { recursive: true });
  mkdirSync(state, { recursive: true });
  const rust = step("rust", rustInputs(), MODULES.flatMap(outputsOf));
  if (rust.needed) {
    buildWasm();
    rust.done();
  }
  const typescript = step(
    "typescript",
    [
      path.join(pkg, "src"),
      path.join(pkg, "tsconfig.json"),
      path.join(pkg, "tsconfig.build.json"),
      path.join(pkg, "tsconfig.cli.json"),
      tscVersionFile(),
    ],
    [
      ...["index.d.ts", "web.js", "react.js", "react.d.ts", "cli/main.js"],
      ...MODULES.map(({ name }) => `generated/${name}.d.ts`),
    ],
  );
  if (typescript.needed) {
    buildTypescript();
    typescript.done();
  }
  printSizes();
}

/** A step is needed when the hash of its inputs is another than at its last success, or an output is gone. */
function step(name, inputs, outputs) {
  const stamp = path.join(state, `${name}.stamp`);
  const hash = hashOf(inputs);
  const same = existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
  const there = outputs.every((file) => existsSync(path.join(dist, file)));
  const needed = force || !same || !there;
  const start = performance.now();
  if (!needed) console.log(`pkg: ${name} unchanged`);
  return {
    needed,
    done: () => {
      writeFileSync(stamp, hash);
      console.log(`pkg: ${name} built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
    },
  };
}

/** What a module's build leaves in dist/. */
function outputsOf({ name, inline }) {
  return [`${name}_bg.wasm`, `generated/${name}.js`, `generated/${inline}.js`];
}

/** The crates of the modules and every crate of this repository that they are made of. */
function rustInputs() {
  const crates = new Set(MODULES.map(({ crate }) => crate));
  for (const name of crates) {
    const manifest = readFileSync(path.join(root, "crates", name, "Cargo.toml"), "utf8");
    // Names of keys that are no dependency match no folder.
    for (const [, dependency] of manifest.matchAll(/^([\w-]+)(?:\.workspace)?\s*=/gm)) {
      if (existsSync(path.join(root, "crates", dependency))) crates.add(dependency);
    }
  }
  return ["Cargo.toml", "Cargo.lock", ...[...crates].map((name) => `crates/${name}`)]
    .map((name) => path.join(root, name))
    .concat(import.meta.dirname);
}

function tscVersionFile() {
  return (
    [pkg, root].map((dir) => path.join(dir, "node_modules/typescript/package.json")).find(existsSync) ?? pkg
  );
}

function hashOf(inputs) {
  const hash = createHash("sha256");
  // The toolchain is an input too.
  hash.update(process.env.RUSTUP_TOOLCHAIN ?? "");
  const visit = (file) => {
    const stat = statSync(file);
    if (stat.isDirectory()) {
      for (const name of readdirSync(file).sort()) {
        if (name !== "target" && name !== "node_modules") visit(path.join(file, name));
      }
    } else {
      hash.update(`${path.relative(root, file)}\0${stat.size}\0`).update(readFileSync(file));
    }
  };
  inputs.forEach(visit);
  return hash.digest("hex");
}

function buildWasm() {
  // One command: what both modules are made of is compiled once.
  const packages = MODULES.flatMap(({ crate }) => ["-p", crate]);
  run("cargo", ["build", "--profile", "npm", "--target", "wasm32-unknown-unknown", ...packages], {
    env: { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: rustFlags() },
    help: "If it lacks the wasm32 target: scripts/build.sh sets up a toolchain that has it.",
  });
  MODULES.forEach(finishWasm);
}

/** From what cargo built to what is published. */
function finishWasm({ crate, name, inline, silent }) {
  const built = path.join(cargoTarget(), "wasm32-unknown-unknown/npm", `${crate.replaceAll("-", "_")}.wasm`);

  const out = path.join(state, name);
  rmSync(out, { recursive: true, force: true });
  run(wasmBindgen(), [
    "--target",
    "web",
    "--out-name",
    name,
    "--out-dir",
    out,
    // The entries name the file themselves; here it would make every bundler carry it, even for the inline entry.
    "--omit-default-module-path",
    "--remove-producers-section",
    built,
  ]);

  const optimised = path.join(dist, `${name}_bg.wasm`);
  optimise(path.join(out, `${name}_bg.wasm`), optimised, out, silent);
  writeFileSync(
    path.join(dist, `generated/${name}.js`),
    withoutLoading(readFileSync(path.join(out, `${name}.js`), "utf8")),
  );
  const base64 = readFileSync(optimised).toString("base64");
  writeFileSync(path.join(dist, `generated/${inline}.js`), `export const base64 = "${base64}";\n`);
  keepDeclarations(name, path.join(out, `${name}.d.ts`));
}

/**
 * The glue without its ways to fetch and compile: `src/source.ts` does that, and both functions get a compiled module. A
 * tenth of what a page loads of the glue.
 */
function withoutLoading(glue) {
  const start = glue.indexOf("\nasync function __wbg_load(");
  const kept = glue.slice(0, start);
  const known = ["__wbg_get_imports()", "__wbg_finalize_init(instance, module)"];
  if (
    start < 0 ||
    !known.every((part) => glue.includes(part)) ||
    !glue.endsWith("__wbg_init as default };\n")
  ) {
    throw new BuildError("wasm-bindgen's glue is not of the form that scripts/build.mjs knows.");
  }
  return `${kept}
function initSync({ module }) {
  return wasm ?? __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
}

async function __wbg_init({ module_or_path: module }) {
  if (wasm !== undefined) return wasm;
  const instance = await WebAssembly.instantiate(module, __wbg_get_imports());
  return wasm ?? __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
`;
}

/** Makes a module small when packed, which is how it travels. */
function optimise(from, to, folder, silent) {
  const step = (input, output, ...passes) =>
    run(wasmOpt(), [
      ...passes,
      // What rustc turns on for this target; all of it is in Node 20, Chrome 96, Firefox 89 and Safari 15.
      "--enable-bulk-memory",
      "--enable-multivalue",
      "--enable-mutable-globals",
      "--enable-nontrapping-float-to-int",
      "--enable-reference-types",
      "--enable-sign-ext",
      "-o",
      output,
      input,
    ]);
  const [trapping, merged, plain, named] = ["trapping", "merged", "plain", "named"].map((name) =>
    path.join(folder, `${name}.wasm`),
  );
  writeFileSync(trapping, withTraps(readFileSync(from), silent));
  // Each crate brings its own copy of small functions of the standard library. Level 3 here says how long to look for
  // equal ones: those that call equal ones are equal too.
  const equal = "--duplicate-function-elimination";
  const fewer = ["--dae-optimizing", "--rse", equal];
  step(
    trapping,
    merged,
    "-g",
    "--optimize-level=3",
    "--remove-unused-module-elements",
    equal,
    ...fewer,
    ...fewer,
  );
  checkTraps(readFileSync(merged), silent);
  // Not -Oz: what it makes is a little smaller and packs a twentieth worse.
  step(merged, plain, "-O1", "--strip-debug", "--strip-target-features");
  writeFileSync(named, withOrder(readFileSync(plain)));
  step(named, to, "--reorder-functions-by-name", "--strip-debug");
}

/** The declarations of the glue are committed, so that types can be checked without Rust. */
function keepDeclarations(name, fresh) {
  const committed = path.join(pkg, `src/generated/${name}.d.ts`);
  const text = `// Written by scripts/build.mjs. Do not edit.\n// biome-ignore-all lint: generated\n// biome-ignore-all format: generated\n${readFileSync(fresh, "utf8")}`;
  if (existsSync(committed) && readFileSync(committed, "utf8") === text) return;
  if (process.env.CI) {
    throw new BuildError(
      `pkg/src/generated/${name}.d.ts is not current: build without CI set, then commit it.`,
    );
  }
  writeFileSync(committed, text);
  console.log(`pkg: src/generated/${name}.d.ts changed; commit it`);
}

function buildTypescript() {
  // A renamed source leaves no old output behind; what wasm-bindgen made stays.
  const fromRust = new Set(MODULES.flatMap(outputsOf));
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = path.join(dist, name);
    if (!fromRust.has(name.split(path.sep).join("/")) && statSync(file).isFile()) rmSync(file);
  }
  const tsc = [pkg, root].map((dir) => path.join(dir, "node_modules/.bin/tsc")).find(existsSync);
  if (!tsc) throw new BuildError("TypeScript is not installed. Run npm ci at the top of the repository.");
  run(tsc, ["-p", path.join(pkg, "tsconfig.build.json")]);
  run(tsc, ["-p", path.join(pkg, "tsconfig.cli.json")]);
  // Declarations name the glue's types; tsc does not copy declarations that it only read.
  for (const { name } of MODULES) {
    const file = `generated/${name}.d.ts`;
    copyFileSync(path.join(pkg, "src", file), path.join(dist, file));
  }
}

/**
 * Panics name their place in the source, and paths of the building machine have no business in a published file. SHA-256
 * comes in its small form: it hashes one plan at a time.
 */
function rustFlags() {
  const registry = path.join(process.env.CARGO_HOME ?? path.join(homedir(), ".cargo"), "registry/src");
  return `--remap-path-prefix=${root}=. --remap-path-prefix=${registry}=registry --cfg sha2_backend_soft="compact"`;
}

function cargoTarget() {
  return process.env.CARGO_TARGET_DIR
    ? path.resolve(root, process.env.CARGO_TARGET_DIR)
    : path.join(root, "target");
}

/** The command must be of exactly the version that the crate has. */
function wasmBindgen() {
  const lock = readFileSync(path.join(root, "Cargo.lock"), "utf8");
  const version = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock)?.[1];
  if (!version) throw new BuildError("Cargo.lock names no version of wasm-bindgen.");
  const cache =
    process.env.GENIE_HANDOFF_CACHE ??
    path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "genie-handoff");
  const candidates = [
    process.env.WASM_BINDGEN_BIN,
    path.join(cache, "tools", `wasm-bindgen-${version}`, "bin/wasm-bindgen"),
    "wasm-bindgen",
  ].filter(Boolean);
  for (const candidate of candidates) {
    const { stdout } = spawnSync(candidate, ["--version"], { encoding: "utf8" });
    if (stdout?.trim().split(" ")[1] === version) return candidate;
  }
  throw new BuildError(
    `wasm-bindgen ${version} was not found. Run scripts/build.sh, which installs it, or ` +
      `cargo install wasm-bindgen-cli --version ${version}, or set WASM_BINDGEN_BIN.`,
  );
}

function wasmOpt() {
  const found = [process.env.WASM_OPT_BIN, path.join(root, "node_modules/.bin/wasm-opt")].find(
    (file) => file && existsSync(file),
  );
  if (!found) throw new BuildError("wasm-opt is not installed. Run npm ci at the top of the repository.");
  return found;
}

function run(command, args, { env, help } = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (result.error) throw new BuildError(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    throw new BuildError(
      `${path.basename(command)} failed (${result.status ?? result.signal}).${help ? ` ${help}` : ""}`,
    );
  }
}

function printSizes() {
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  for (const name of MODULES.flatMap(outputsOf)) {
    const bytes = readFileSync(path.join(dist, name));
    console.log(`pkg: ${name} ${kB(bytes.length)}, gzip ${kB(gzipSync(bytes, { level: 9 }).length)}`);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`pkg: ${error.message}`);
  process.exitCode = 1;
}
