#!/usr/bin/env node
/**
 * What fills a wasm module: bytes of code by crate, module or function, and bytes of data.
 *
 *   node bench/size/run.mjs [FILE.wasm] [--by crate|module|function] [--top N] [--grep TEXT]
 *
 * The file needs its name section: what wasm-bindgen made, before wasm-opt. Without a file it is the first module of the
 * npm package. A generic function counts for the crate it is written in; with inlining the figures say where to look, not
 * what goes when something is taken out.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    by: { type: "string", default: "crate" },
    top: { type: "string", default: "40" },
    grep: { type: "string", default: "" },
  },
});
const root = path.resolve(import.meta.dirname, "../..");
const file = positionals[0] ?? path.join(root, "target/pkg/handoff/handoff_bg.wasm");
const bytes = readFileSync(file);

/** A LEB128 number: its value and the place behind it. */
function number(at) {
  let [value, shift, byte] = [0, 0, 0];
  do {
    byte = bytes[at];
    at += 1;
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
  } while (byte & 0x80);
  return [value, at];
}

function text(at) {
  const [length, start] = number(at);
  return [bytes.toString("utf8", start, start + length), start + length];
}

const sections = [];
for (let at = 8; at < bytes.length; ) {
  const id = bytes[at];
  const [size, start] = number(at + 1);
  sections.push({ id, start, end: start + size });
  at = start + size;
}
const section = (id) => sections.find((one) => one.id === id);

function importedFunctions() {
  const found = section(2);
  if (!found) return 0;
  let [count, at] = number(found.start);
  let functions = 0;
  for (; count > 0; count -= 1) {
    [, at] = text(at);
    [, at] = text(at);
    const kind = bytes[at];
    at += 1;
    if (kind === 0) {
      functions += 1;
      [, at] = number(at);
    } else if (kind === 1 || kind === 2) {
      if (kind === 1) at += 1;
      const limits = bytes[at];
      [, at] = number(at + 1);
      if (limits & 1) [, at] = number(at);
    } else {
      at += kind === 3 ? 2 : 1;
    }
  }
  return functions;
}

function functionNames() {
  const names = new Map();
  for (const one of sections.filter(({ id }) => id === 0)) {
    let [title, at] = text(one.start);
    if (title !== "name") continue;
    while (at < one.end) {
      const kind = bytes[at];
      let [size, start] = number(at + 1);
      at = start + size;
      if (kind !== 1) continue;
      let count;
      [count, start] = number(start);
      for (; count > 0; count -= 1) {
        let [index, name] = [0, ""];
        [index, start] = number(start);
        [name, start] = text(start);
        names.set(index, name);
      }
    }
  }
  return names;
}

/** `<a::b::C as d::E>::f::h0123` belongs to a::b. */
function owner(name) {
  const parts = name
    .replace(/^[<&\s*[(]*(?:mut |dyn )?/, "")
    .match(/^[\w-]+(?:::[\w-]+)*/)?.[0]
    .split("::") ?? ["?"];
  return values.by === "crate"
    ? parts[0]
    : parts
        .slice(0, 3)
        .filter((part) => !/^h[0-9a-f]{16}$/.test(part))
        .join("::");
}

const names = functionNames();
const code = section(10);
let [count, at] = number(code.start);
const groups = new Map();
for (let index = importedFunctions(); count > 0; count -= 1, index += 1) {
  const [size, start] = number(at);
  at = start + size;
  const name = names.get(index) ?? "(no name)";
  if (!name.includes(values.grep)) continue;
  const key = values.by === "function" ? name : owner(name);
  const group = groups.get(key) ?? { bytes: 0, functions: 0, parts: [] };
  group.bytes += size;
  group.functions += 1;
  group.parts.push(bytes.subarray(start, at));
  groups.set(key, group);
}

const sorted = [...groups].sort(([, a], [, b]) => b.bytes - a.bytes);
const pad = (value, width) => String(value).padStart(width);
console.log(`${pad("bytes", 8)} ${pad("gzip", 8)} ${pad("functions", 9)}  ${values.by}`);
for (const [key, group] of sorted.slice(0, Number(values.top))) {
  const packed = gzipSync(Buffer.concat(group.parts), { level: 9 }).length;
  console.log(`${pad(group.bytes, 8)} ${pad(packed, 8)} ${pad(group.functions, 9)}  ${key}`);
}
const size = ({ start, end }) => end - start;
const gzip = ({ start, end }) => gzipSync(bytes.subarray(start, end), { level: 9 }).length;
console.log(`code ${size(code)} (gzip ${gzip(code)})`);
const data = section(11);
if (data) console.log(`data ${size(data)} (gzip ${gzip(data)})`);
