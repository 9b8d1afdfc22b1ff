// Are the installed npm packages those of package-lock.json? Exit code 0: yes. Old node versions run this too.
const { readFileSync } = require("node:fs");
const path = require("node:path");

const root = process.argv[2];
const read = (file) => JSON.parse(readFileSync(path.join(root, file), "utf8")).packages;

try {
  const wanted = read("package-lock.json");
  const installed = read("node_modules/.package-lock.json");
  const missing = Object.entries(wanted).some(([where, entry]) => {
    if (!where.startsWith("node_modules/") || entry.link) return false;
    const there = installed[where];
    // Packages for other platforms are not installed; what runs here is looked for when it is used.
    if (!there) return !entry.optional && !entry.devOptional && !entry.peer;
    return there.version !== entry.version;
  });
  process.exit(missing ? 1 : 0);
} catch {
  process.exit(1);
}
