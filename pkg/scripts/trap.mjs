/**
 * Panics that only trap: the ways into a panic get a body that does nothing else. `wasm-opt` then drops what only they
 * used, which is the printing of numbers and texts, hooks and places in the source. Rust has this as
 * `panic=immediate-abort`, for a standard library that is compiled along, which needs an unstable compiler.
 */
import { functionsOf, leb, namesOf, sectionsOf } from "./module.mjs";

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
/** What the values of a panic can do: tables name these, so that `wasm-opt` cannot see that nobody asks. */
const asked = /::panicking::(begin_)?panic(_handler)?::/;
/** Code that prints a panic. With none of it, nothing panics in another way. */
const printing = /^std::panicking::(rust_)?panic_with_hook$/;

/** No locals, `unreachable`, end. */
const trap = Buffer.from([0x00, 0x00, 0x0b]);

/** The module, still with its names, with traps in place of panics. */
export function withTraps(module) {
  const names = namesOf(module).map(plain);
  if (!names.includes(ways[0])) throw new Error(`trap: the module has no ${ways[0]}`);
  const { imported, bodies } = functionsOf(module);
  const traps = names.map((name) => ways.includes(name) || asked.test(name));
  const made = bodies.map((body, n) => (traps[imported + n] ? trap : body));
  const code = Buffer.concat([leb(made.length), ...made.flatMap((body) => [leb(body.length), body])]);
  const parts = sectionsOf(module).map(({ id, from, to }) => {
    const content = id === 10 ? code : module.subarray(from, to);
    return Buffer.concat([Buffer.from([id]), leb(content.length), content]);
  });
  return Buffer.concat([module.subarray(0, 8), ...parts]);
}

/** Throws if a module that was made small still prints panics. */
export function checkTraps(module) {
  const names = namesOf(module).map(plain);
  if (names.length === 0) throw new Error("trap: the module has no names to check");
  const left = names.find((name) => printing.test(name));
  if (left !== undefined) {
    throw new Error(`trap: the module still has ${left}; scripts/trap.mjs misses a way to it`);
  }
}

/** A name without what the compiler adds to keep crates and instances apart. */
function plain(name) {
  return name?.replace(/\[\w+\]/, "").replace(/(::h[0-9a-f]{16})?(\[\d+\])?$/, "");
}
