/**
 * Panics that only trap: the ways into a panic get a body that does nothing else. `wasm-opt` then drops what only they
 * used, which is the printing of numbers and texts, hooks and places in the source. Rust has this as
 * `panic=immediate-abort`, for a standard library that is compiled along, which needs an unstable compiler.
 */
import { dataOf, elementsOf, functionsOf, leb, namesOf, withSections } from "./module.mjs";

/** What never comes back, by its name in the standard library. The first is what all others end in. */
const ways = [
  "core::panicking::panic_fmt",
  "core::panicking::panic",
  "core::panicking::panic_bounds_check",
  "core::option::expect_failed",
  "core::option::unwrap_failed",
  "core::result::unwrap_failed",
  "core::slice::index::slice_index_fail",
  "alloc::alloc::handle_alloc_error",
  "alloc::raw_vec::capacity_overflow",
  "alloc::raw_vec::handle_error",
  "std::alloc::rust_oom",
  "std::thread::local::panic_access_error",
];
/**
 * What can be done with the values of a panic, and how anything is printed. Tables name these, so that `wasm-opt` cannot see
 * that nobody asks: the tables get a trap in their place.
 */
const panicking = /::panicking::(begin_)?panic(_handler)?::/;
const printing = / as core::fmt::\w+>::\w+$|^core::fmt::Write::write_fmt$/;
/** The way that tables get: it takes nothing, so that `wasm-opt` may still take their arguments away from all others. */
const inTables = "alloc::raw_vec::capacity_overflow";
/** Code that prints a panic; code that prints anything. With none of it, nobody can reach what the tables had. */
const panics = /^std::panicking::(rust_)?panic_with_hook$/;
const prints = /^core::fmt::(write$|Formatter)|^<core::fmt::Formatter>::|^<\w+>::_fmt/;

/** The name of a file of Rust, as the compiler writes it into the place of a panic. */
const source = /(?:\/rustc\/[0-9a-f]{40}\/library|crates|registry)\/[\w./-]+?\.rs/g;

/** No locals, `unreachable`, end. */
const trap = Buffer.from([0x00, 0x00, 0x0b]);

/** The module, still with its names, with traps in place of panics; if `silent`, also in place of all printing. */
export function withTraps(module, silent) {
  const names = namesOf(module).map(plain);
  const [, stop] = [ways[0], inTables].map((name) => {
    const place = names.indexOf(name);
    if (place < 0) throw new Error(`trap: the module has no ${name}`);
    return place;
  });
  const gone = names.map((name) => panicking.test(name) || (silent && printing.test(name)));
  const { imported, bodies } = functionsOf(module);
  const made = bodies.map((body, n) => (ways.includes(names[imported + n]) ? trap : body));
  return withSections(withoutPlaces(module), (id, content) => {
    if (id === 9) return elementsOf(content, (item) => (gone[item] ? stop : item));
    if (id !== 10) return content;
    return Buffer.concat([leb(made.length), ...made.flatMap((body) => [leb(body.length), body])]);
  });
}

/** With zeros for the places of panics: each is where the name of a file stands, how long it is, its line and its column. */
function withoutPlaces(module) {
  const copy = Buffer.from(module);
  const pieces = dataOf(copy);
  const files = new Map();
  for (const { address, from, to } of pieces) {
    for (const { index, 0: file } of copy.latin1Slice(from, to).matchAll(source)) {
      files.set(address + index, { from: from + index, length: file.length });
    }
  }
  for (const { address, from, to } of pieces) {
    for (let at = from + ((4 - (address % 4)) % 4); at + 16 <= to; at += 4) {
      const file = files.get(copy.readUInt32LE(at));
      if (file?.length !== copy.readUInt32LE(at + 4)) continue;
      copy.fill(0, at, at + 16);
      copy.fill(0, file.from, file.from + file.length);
    }
  }
  return copy;
}

/** Throws if a module that was made small still prints what it should not. */
export function checkTraps(module, silent) {
  const names = namesOf(module).map(plain);
  if (names.length === 0) throw new Error("trap: the module has no names to check");
  const left = names.find((name) => panics.test(name) || (silent && prints.test(name)));
  if (left !== undefined) {
    throw new Error(`trap: the module still has ${left}: see scripts/trap.mjs`);
  }
}

/** A name without what the compiler adds to keep crates and instances apart. */
function plain(name) {
  return name?.replace(/(?<=\w)\[\w+\](?=::)/g, "").replace(/(::h[0-9a-f]{16})?(\[\d+\])?$/, "");
}
