import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const pkg = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const read = (name: string) => readFileSync(path.join(pkg, name), "utf8");
const manifest = JSON.parse(read("package.json"));
const dist = readdirSync(path.join(pkg, "dist"), { recursive: true, encoding: "utf8" });

describe("the package", () => {
  it("has no runtime dependency and no side effect, and needs React only for /react", () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.sideEffects).toBe(false);
    expect(manifest.peerDependenciesMeta.react.optional).toBe(true);
    for (const name of dist.filter((name) => name.endsWith(".js"))) {
      const imports = [
        ...read(`dist/${name}`).matchAll(/^(?:import|export)\b.*?\bfrom "([^".][^"]*)";/gm),
      ].map(([, from]) => from);
      const foreign = imports.filter((from) => !(name.startsWith("cli/") && from?.startsWith("node:")));
      expect(foreign, name).toEqual(name === "react.js" ? ["react"] : []);
    }
  });

  it("has every file that it exports", () => {
    const files = (value: unknown): string[] =>
      typeof value === "string" ? [value] : Object.values(value as object).flatMap(files);
    for (const file of files([manifest.exports, manifest.bin]))
      expect(existsSync(path.join(pkg, file)), file).toBe(true);
  });

  it("names the wasm in the one form that bundlers recognise, and only in the entry for browsers", () => {
    for (const file of ["handoff_bg.wasm", "suggest_bg.wasm"]) {
      expect(read("dist/web.js")).toContain(`new URL("./${file}", import.meta.url)`);
      expect(manifest.exports[`./${file.replace("_bg", "")}`]).toBe(`./dist/${file}`);
    }
    for (const name of dist.filter(
      (name) => name.endsWith(".js") && !["web.js", "workerd.js", "cli/io.js"].includes(name),
    )) {
      expect(read(`dist/${name}`), name).not.toMatch(/import\.meta|["']\.\/\w+_bg\.wasm["']/);
    }
  });

  it("has no entry that reaches the command line, which needs Node", () => {
    for (const name of dist.filter((name) => name.endsWith(".js") && !name.startsWith("cli/"))) {
      expect(read(`dist/${name}`), name).not.toMatch(/["']node:|\/cli\//);
    }
  });

  it("gives the same functions from every entry", async () => {
    const web = Object.keys(await import("../dist/web.js")).sort();
    expect(Object.keys(await import("../dist/inline.js")).sort()).toEqual(web);
    // What the types promise is what the entries hold: index.js carries the types and all but what knows a place.
    const declared = [...read("dist/index.d.ts").matchAll(/export declare function (\w+)/g)].map(
      ([, name]) => name,
    );
    expect([...Object.keys(await import("../dist/index.js")), ...declared].sort()).toEqual(web);
  });

  it("stays within its sizes", () => {
    const limits: Record<string, number> = JSON.parse(read("size-limits.json"));
    for (const [name, limit] of Object.entries(limits)) {
      const size = gzipSync(readFileSync(path.join(pkg, "dist", name)), { level: 9 }).length;
      expect(size, `${name}, gzip`).toBeLessThanOrEqual(limit);
      // A limit far above the size guards nothing: lower it when something became smaller.
      expect(size, `${name}, gzip: lower the limit`).toBeGreaterThan(limit * 0.7);
    }
  });

  it("holds no path of the machine that built it", () => {
    const lock = readFileSync(path.join(pkg, "../Cargo.lock"), "utf8");
    const crates = [...lock.matchAll(/name = "([^"]+)"\nversion = "([^"]+)"/g)].map(
      ([, name, v]) => `${name}-${v}`,
    );
    for (const name of dist.filter((name) => /\.(?:js|ts|wasm)$/.test(name))) {
      const text = readFileSync(path.join(pkg, "dist", name), "latin1");
      expect(text.includes(path.dirname(pkg)), name).toBe(false);
      // A standard library that was compiled on this machine names its own crates with full paths: not ours to mend.
      const places = [...text.matchAll(/\/[\w./-]*\/registry\/src\/[^/]+\/([^/]+)\//g)];
      expect(places.filter(([, crate]) => crates.includes(crate ?? "")).map(([place]) => place)).toEqual([]);
    }
  });

  it("packs what it should and nothing else", () => {
    const [packed] = JSON.parse(
      execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
        cwd: pkg,
        encoding: "utf8",
      }),
    );
    const names: string[] = packed.files.map((file: { path: string }) => file.path);
    expect(names).toContain("README.md");
    expect(names).toContain("dist/handoff_bg.wasm");
    expect(names).toContain("dist/suggest_bg.wasm");
    expect(names).toContain("bin/genie-handoff.js");
    for (const name of names)
      expect(name).toMatch(
        /^(?:bin\/genie-handoff\.js|dist\/.+\.(?:js|d\.ts|wasm)|package\.json|README\.md|LICENSE)$/,
      );
  });
});
