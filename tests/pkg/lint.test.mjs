import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { bin, CONSUMERS, consumer, ROOT, run, TARGET } from "./harness.mjs";

const tools = consumer("tools");
const tarball = () =>
  path.join(
    TARGET,
    readdirSync(TARGET).find((name) => name.endsWith(".tgz")),
  );

it("publint finds nothing", async () => {
  expect(await run(bin(tools, "publint"), ["--strict", tarball()])).toContain("All good!");
});

it("attw: the types are right for every way to resolve them", async () => {
  const out = await run(bin(tools, "attw"), [
    tarball(),
    // An ES module for ES modules; the wasm has no types.
    ...["--profile", "esm-only", "--exclude-entrypoints", "handoff.wasm", "suggest.wasm", "--format", "json"],
  ]);
  const { analysis } = JSON.parse(out);
  expect(Object.keys(analysis.entrypoints).sort()).toEqual([".", "./inline", "./package.json", "./react"]);
});

it("the README has a start for every consumer and every command", async () => {
  const text = readFileSync(path.join(ROOT, "pkg/README.md"), "utf8");
  const named = [...text.matchAll(/\(`consumers\/([a-z]+)`\)/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(readdirSync(CONSUMERS).sort());
  const help = await run(process.execPath, [path.join(ROOT, "pkg/bin/genie-handoff.js"), "--help"]);
  const commands = [...help.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(5);
  for (const name of commands) expect(text).toContain(`npx genie-handoff ${name} `);
});

it("lock files of the consumers are pinned and name no address", () => {
  const locks = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "tests/pkg"], {
    cwd: ROOT,
    encoding: "utf8",
  })
    .split("\n")
    .filter((name) => name.endsWith("package-lock.json"));
  expect(locks.length).toBeGreaterThanOrEqual(6);
  for (const name of locks) {
    expect(readFileSync(path.join(ROOT, name), "utf8"), name).not.toMatch(/"resolved": "[a-z+]+:/);
    const manifest = JSON.parse(readFileSync(path.join(ROOT, path.dirname(name), "package.json"), "utf8"));
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    for (const version of Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  }
});
