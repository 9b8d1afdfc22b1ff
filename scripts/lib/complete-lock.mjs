// Adds to package-lock.json what npm leaves out when a registry mirror lacks a platform's package: without an entry for
// every optional dependency `npm ci` refuses the lock, and other platforms would miss their binaries.
//
//   node scripts/lib/complete-lock.mjs           after `npm install`
//   node scripts/lib/complete-lock.mjs --check   says what is missing, exit code 1
//
// os, cpu and libc are read from the package's name, which is how all of these packages are named.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
const lock = JSON.parse(readFileSync(file, "utf8"));
const systems = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  win32: "win32",
  windows: "win32",
};
const processors = { arm64: "arm64", x64: "x64", 64: "x64" };

const added = [];
for (const [at, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const own = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    const shared = `node_modules/${name}`;
    if (lock.packages[own] || lock.packages[shared]) continue;
    const words = name.split("/").at(-1).split("-");
    const os = words.map((word) => systems[word]).find(Boolean);
    const cpu = words.map((word) => processors[word]).find(Boolean);
    if (!os || !cpu) throw new Error(`${name}: neither os nor cpu can be read from the name`);
    const libc = os === "linux" ? [words.includes("musl") ? "musl" : "glibc"] : undefined;
    lock.packages[shared] = {
      version,
      cpu: [cpu],
      ...(entry.dev && { dev: true }),
      ...(libc && { libc }),
      optional: true,
      os: [os],
    };
    added.push(name);
  }
}
if (added.length > 0) {
  console.log(`${added.length} without an entry: ${added.join(", ")}`);
  if (process.argv.includes("--check")) process.exit(1);
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
