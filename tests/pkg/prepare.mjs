/**
 * Packs the package and installs it into the consumers, once before all tests. What consumers need besides is kept
 * under target/ until their lock file changes.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { CONSUMERS, ROOT, TARGET } from "./harness.mjs";

const run = promisify(execFile);

export default async function prepare() {
  mkdirSync(TARGET, { recursive: true });
  const tarball = await pack();
  const unpacked = path.join(TARGET, "unpacked");
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked);
  // Every tarball of npm has this one folder inside.
  await run("tar", ["-xzf", tarball, "-C", unpacked]);
  // One after the other: npm does its own downloads in parallel.
  for (const name of readdirSync(CONSUMERS)) await install(path.join(CONSUMERS, name), name, unpacked);
  await install(path.join(ROOT, "tests/pkg/tools"), "tools", unpacked);
}

async function pack() {
  for (const name of readdirSync(TARGET)) {
    if (name.endsWith(".tgz")) rmSync(path.join(TARGET, name));
  }
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", TARGET], {
    cwd: path.join(ROOT, "pkg"),
  });
  return path.join(TARGET, JSON.parse(stdout)[0].filename);
}

/** A fresh copy of the consumer's files, its dependencies from its lock file, and the package as it was packed. */
async function install(source, name, unpacked) {
  const folder = path.join(TARGET, name);
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder)) {
    if (entry !== "node_modules") rmSync(path.join(folder, entry), { recursive: true });
  }
  cpSync(source, folder, { recursive: true, filter: (file) => !file.includes("node_modules") });
  const lock = path.join(folder, "package-lock.json");
  const stamp = path.join(folder, "node_modules/.lock-hash");
  if (existsSync(lock)) {
    const hash = createHash("sha256").update(readFileSync(lock)).digest("hex");
    if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) {
      await run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], {
        cwd: folder,
      });
      writeFileSync(stamp, hash);
    }
  }
  const own = path.join(folder, "node_modules/genie-handoff");
  rmSync(own, { recursive: true, force: true });
  mkdirSync(path.dirname(own), { recursive: true });
  cpSync(path.join(unpacked, "package"), own, { recursive: true });
  // What bundlers made of another build of the package.
  for (const cache of [".vite", ".cache"]) {
    rmSync(path.join(folder, "node_modules", cache), { recursive: true, force: true });
  }
  if (name !== "tools") {
    mkdirSync(path.join(folder, "src"), { recursive: true });
    cpSync(path.join(ROOT, "tests/pkg/scenario.js"), path.join(folder, "src/scenario.js"));
  }
}
