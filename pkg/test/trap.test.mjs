import { describe, expect, it } from "vitest";
import { leb, namesOf, text } from "../scripts/module.mjs";
import { checkTraps, withTraps } from "../scripts/trap.mjs";

/** A module of functions that give their number, each exported by its name; with a name section or without. */
function moduleOf(names, named = true) {
  const section = (id, ...parts) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([id]), leb(content.length), content]);
  };
  const list = (items) => Buffer.concat([leb(items.length), ...items]);
  const map = list(names.map((name, n) => Buffer.concat([leb(n), text(name)])));
  return Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(1, Buffer.from([1, 0x60, 0, 1, 0x7f])),
    section(3, list(names.map(() => Buffer.from([0])))),
    section(7, list(names.map((name, n) => Buffer.concat([text(name), Buffer.from([0]), leb(n)])))),
    section(10, list(names.map((_, n) => Buffer.from([4, 0, 0x41, n, 0x0b])))),
    ...(named ? [section(0, text("name"), Buffer.from([1]), leb(map.length), map)] : []),
  ]);
}

const panic = "core[c5930c85a12de822]::panicking::panic_fmt";
const payload =
  "<std[a543]::panicking::panic_handler::StaticStrPayload as core[c593]::panic::PanicPayload>::get";

describe("panics", () => {
  it("trap, and nothing else does", () => {
    const names = [
      "first",
      panic,
      "core::panicking::panic_fmt::h0123456789abcdef",
      payload,
      "core::panicking::panic_fmt_more",
      "last",
    ];
    const made = withTraps(moduleOf(names));
    expect(namesOf(made)).toEqual(names);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(made));
    for (const trapping of names.slice(1, 4)) {
      expect(exports[trapping]).toThrow(WebAssembly.RuntimeError);
    }
    expect([names[0], names[4], names[5]].map((name) => exports[name]())).toEqual([0, 4, 5]);
  });

  it("are not missed in silence", () => {
    expect(() => withTraps(moduleOf(["first"]))).toThrow("no core::panicking::panic_fmt");
    expect(() => withTraps(moduleOf([panic], false))).toThrow("no core::panicking::panic_fmt");
    const hook = "std[a543996e6e7dbf1e]::panicking::panic_with_hook";
    expect(() => checkTraps(moduleOf([panic, hook]))).toThrow("misses a way");
    expect(() => checkTraps(moduleOf([panic], false))).toThrow("has no names");
    expect(() => checkTraps(moduleOf([panic]))).not.toThrow();
  });
});
