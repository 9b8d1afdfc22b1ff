import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withOrder } from "../scripts/arrange.mjs";

it("names each function once, those that share most beside each other", () => {
  const module = readFileSync(new URL("../dist/handoff_bg.wasm", import.meta.url));
  const named = withOrder(module);
  expect(named.subarray(0, module.length).equals(module)).toBe(true);
  expect(WebAssembly.validate(named)).toBe(true);
  // Each name is behind its length, 7.
  const names = named
    .toString("latin1", module.length)
    .split("\u0007")
    .map((name) => name.slice(0, 7))
    .filter((name) => /^1\d{6}$/.test(name));
  expect(names.length).toBeGreaterThan(500);
  expect(new Set(names).size).toBe(names.length);
  expect([...names].sort().at(-1)).toBe(`1${String(names.length - 1).padStart(6, "0")}`);
  // What stands in the module now is in the order that was found for it.
  expect(withOrder(module).equals(named)).toBe(true);
});
