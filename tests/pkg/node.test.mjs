import { readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bin, consumer, expected, ROOT, run } from "./harness.mjs";

const folder = consumer("node");
let report;
beforeAll(async () => {
  report = await expected();
});

/** The oldest supported Node, from npm under the name that its platform has. */
function oldest() {
  const name = readdirSync(path.join(folder, "node_modules")).find((entry) =>
    /^node-.*-(?:x64|arm64)$/.test(entry),
  );
  return path.join(folder, "node_modules", name, "bin/node");
}

describe.each([
  ["20", oldest],
  [process.versions.node.split(".")[0], () => process.execPath],
])("Node %s", (version, program) => {
  const node = (args, options) => run(program(), args, { cwd: folder, ...options });

  it("is that version, and finds the package as it was packed", async () => {
    expect(await node(["-p", "process.versions.node"])).toMatch(new RegExp(`^${version}\\.`));
    const found = await node([
      "-e",
      'import("node:module").then(() => console.log(import.meta.resolve("genie-handoff")))',
      "--input-type=module",
    ]);
    const file = realpathSync(new URL(found.trim()));
    expect(file).toBe(realpathSync(path.join(folder, "node_modules/genie-handoff/dist/inline.js")));
  });

  it("runs the entry", async () => {
    expect(JSON.parse(await node(["src/main.js"]))).toEqual(report);
  });

  it("runs the file", async () => {
    expect(JSON.parse(await node(["src/bytes.js"]))).toEqual(report);
  });

  it("runs the command line", async () => {
    const program = path.join(folder, "node_modules/genie-handoff/bin/genie-handoff.js");
    const { version: own } = JSON.parse(readFileSync(path.join(ROOT, "pkg/package.json"), "utf8"));
    expect(await node([program, "--version"])).toBe(`${own}\n`);
    const decoded = await node([program, "decode"], { input: report.url });
    expect(JSON.parse(decoded).validated_tables).toEqual(["city_library.circulation.loans"]);
  });
});

describe("TypeScript", () => {
  it.each([
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ])("a strict project with module %s", async (module, resolution) => {
    const options = ["--strict", "--noEmit", "--target", "ES2022", "--lib", "ES2022,DOM", "--types", ""];
    await run(
      bin(ROOT, "tsc"),
      [...options, "--module", module, "--moduleResolution", resolution, "src/types.ts"],
      { cwd: folder },
    );
  });
});

describe("npm", () => {
  it("links the command", async () => {
    // The real installation, with its bin: in a folder of its own, without a network.
    const there = consumer("npx");
    const { mkdirSync, rmSync, writeFileSync } = await import("node:fs");
    rmSync(there, { recursive: true, force: true });
    mkdirSync(there);
    writeFileSync(path.join(there, "package.json"), '{"name":"x","private":true}');
    const tarball = readdirSync(path.dirname(there)).find((name) => name.endsWith(".tgz"));
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `../${tarball}`], { cwd: there });
    expect(
      await run("npx", ["--no-install", "genie-handoff", "decode", report.url], { cwd: there }),
    ).toContain("city_library.circulation.loans");
  });
});
