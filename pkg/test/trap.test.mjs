import { describe, expect, it } from "vitest";
import { leb, namesOf, text } from "../scripts/module.mjs";
import { checkTraps, withTraps } from "../scripts/trap.mjs";

const stop = "alloc[3ca501edff3f0c7c]::raw_vec::capacity_overflow";
const panic = "core[c5930c85a12de822]::panicking::panic_fmt";
const payload =
  "<std[a543]::panicking::panic_handler::StaticStrPayload as core[c593]::panic::PanicPayload>::get";
const shown = "<u32 as core[c5930c85a12de822]::fmt::Display>::fmt";
const printer = "core[c5930c85a12de822]::fmt::write";
const hook = "std[a543996e6e7dbf1e]::panicking::panic_with_hook";

/**
 * A module of functions that give their number, each exported by its name and in the table `t`; with a name section or
 * without, and with a memory `m` that holds `data` from byte 16 on.
 */
function moduleOf(names, { named = true, data = Buffer.alloc(0) } = {}) {
  const section = (id, ...parts) => {
    const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
    return Buffer.concat([Buffer.from([id]), leb(content.length), content]);
  };
  const list = (items) => Buffer.concat([leb(items.length), ...items]);
  const map = list(names.map((name, n) => Buffer.concat([leb(n), text(name)])));
  const functions = names.map((name, n) => Buffer.concat([text(name), Buffer.from([0]), leb(n)]));
  const exports = [...functions, Buffer.concat([text("t"), Buffer.from([1, 0])])];
  exports.push(Buffer.concat([text("m"), Buffer.from([2, 0])]));
  return Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(1, [1, 0x60, 0, 1, 0x7f]),
    section(3, list(names.map(() => Buffer.from([0])))),
    section(4, [1, 0x70, 0, names.length]),
    section(5, [1, 0, 1]),
    section(7, list(exports)),
    section(9, [1, 0, 0x41, 0, 0x0b], list(names.map((_, n) => leb(n)))),
    section(10, list(names.map((_, n) => Buffer.from([4, 0, 0x41, n, 0x0b])))),
    section(11, [1, 0, 0x41, 16, 0x0b], leb(data.length), data),
    ...(named ? [section(0, text("name"), [1], leb(map.length), map)] : []),
  ]);
}

const exportsOf = (module) => new WebAssembly.Instance(new WebAssembly.Module(module)).exports;

describe("panics", () => {
  const names = ["first", panic, stop, payload, "core::panicking::panic_fmt_more", shown, "last"];

  it("trap, and so does in tables what only they ask", () => {
    for (const silent of [false, true]) {
      const made = withTraps(moduleOf(names), silent);
      expect(namesOf(made)).toEqual(names);
      const exports = exportsOf(made);
      const trapping = (call) => {
        try {
          call();
          return false;
        } catch (error) {
          expect(error).toBeInstanceOf(WebAssembly.RuntimeError);
          return true;
        }
      };
      const trap = names.map((name) => trapping(exports[name]));
      expect(trap).toEqual([false, true, true, false, false, false, false]);
      const inTable = names.map((_, n) => trapping(exports.t.get(n)));
      expect(inTable).toEqual([false, true, true, true, false, silent, false]);
    }
    const old = moduleOf([stop, "core::panicking::panic_fmt::h0123456789abcdef"]);
    expect(exportsOf(withTraps(old, true))["core::panicking::panic_fmt::h0123456789abcdef"]).toThrow();
  });

  it("leave no places in the source behind, and every other text alone", () => {
    const file = "crates/plan/src/order.rs";
    const other = "crates/none/src/known.rs";
    const data = Buffer.concat([
      Buffer.from(`${file}!${other}`.padEnd(52)),
      Buffer.from(Uint32Array.of(16, file.length, 7, 9, 16, 5, 7, 9, 1, 2).buffer),
    ]);
    const memory = Buffer.from(exportsOf(withTraps(moduleOf([panic, stop], { data }))).m.buffer);
    const kept = memory.subarray(16, 16 + data.length);
    const wanted = Buffer.from(data);
    wanted.fill(0, 0, file.length);
    wanted.fill(0, 52, 68);
    expect(kept.equals(wanted)).toBe(true);
  });

  it("are not missed in silence", () => {
    expect(() => withTraps(moduleOf(["first", stop]))).toThrow("no core::panicking::panic_fmt");
    expect(() => withTraps(moduleOf(["first", panic]))).toThrow("no alloc::raw_vec::capacity_overflow");
    expect(() => withTraps(moduleOf(names, { named: false }))).toThrow("no core::panicking::panic_fmt");
    expect(() => checkTraps(moduleOf([panic, hook]), false)).toThrow("panic_with_hook");
    expect(() => checkTraps(moduleOf([panic, printer]), true)).toThrow("still has core::fmt::write");
    expect(() => checkTraps(moduleOf([panic], { named: false }), false)).toThrow("has no names");
    expect(() => checkTraps(moduleOf([panic, printer, shown]), false)).not.toThrow();
  });
});
