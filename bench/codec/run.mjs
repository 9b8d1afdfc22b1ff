// Measures the link codec beside its alternatives, on the same redacted contexts.
//
//   node run.mjs WASM_DIR [FOLDER...]   WASM_DIR: output of wasm-bindgen --target nodejs for bench-codec-wasm
//
// Contexts: crates/handoff/tests/contexts, or all *.json of the folders named. Times are the best of several calls
// after a warm-up; the start is measured in a process of its own.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import { deflateSync, inflateSync } from "fflate";
import LZString from "lz-string";

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const args = process.argv.slice(2);
const only = args[0] === "--start";
if (only) args.shift();
const wasmDir = path.resolve(args.shift() ?? "");
const folders = args.length ? args : [path.join(here, "../../crates/handoff/tests/contexts")];
const files = folders.flatMap((f) =>
  readdirSync(f)
    .filter((n) => n.endsWith(".json"))
    .sort()
    .map((n) => path.join(f, n)),
);
if (files.length === 0) throw new Error("no contexts found");

const now = () => performance.now();
const before = now();
const wasm = require(path.join(wasmDir, "bench_codec_wasm.js"));
const loaded = now();

if (only) {
  // The first call primes the model; the second one shows what a call costs without that.
  const json = readFileSync(files[0], "utf8");
  const cpu0 = process.cpuUsage();
  const t0 = now();
  wasm.encode(json, false);
  const t1 = now();
  const cpu = process.cpuUsage(cpu0);
  wasm.encode(json, false);
  const t2 = now();
  console.log(
    JSON.stringify({
      load: loaded - before,
      start: t1 - t0 - (t2 - t1),
      cpu: (cpu.user + cpu.system) / 1000,
    }),
  );
  process.exit(0);
}

const text = (bytes) => Buffer.from(bytes).toString("base64url");
const bytes = (s) => Buffer.from(s, "base64url");
const brotli = (json) => {
  const data = Buffer.from(json);
  const params = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
    [zlib.constants.BROTLI_PARAM_LGWIN]: 22,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: data.length,
  };
  return text(zlib.brotliCompressSync(data, { params }));
};
const codecs = [
  ["genie-handoff", (j) => wasm.encode(j, false), (p) => wasm.decode(p)],
  ["genie-handoff, plain", (j) => wasm.encode(j, true), (p) => wasm.decode(p)],
  ["brotli 11 (node:zlib)", brotli, (p) => zlib.brotliDecompressSync(bytes(p)).toString()],
  [
    "deflate 9 (fflate)",
    (j) => text(deflateSync(Buffer.from(j), { level: 9 })),
    (p) => Buffer.from(inflateSync(bytes(p))).toString(),
  ],
  ["lz-string", LZString.compressToEncodedURIComponent, LZString.decompressFromEncodedURIComponent],
  ["encodeURIComponent", encodeURIComponent, decodeURIComponent],
  ["base64url", (j) => text(Buffer.from(j)), (p) => bytes(p).toString()],
];

const median = (list) => {
  const s = [...list].sort((a, b) => a - b);
  return (s[(s.length - 1) >> 1] + s[s.length >> 1]) / 2;
};
const sum = (list) => list.reduce((a, b) => a + b, 0);
const best = (run) => {
  let least = Number.POSITIVE_INFINITY;
  let result;
  const until = now() + 60;
  for (let i = 0; i < 12 || (now() < until && i < 200); i++) {
    const t = now();
    result = run();
    least = Math.min(least, now() - t);
  }
  return [result, least];
};

const contexts = files.map((file) => ({ file, json: wasm.redact(readFileSync(file, "utf8")) }));
for (const { json } of contexts) wasm.decode(wasm.encode(json, false));

const rows = codecs.map(([name, encode, decode]) => {
  const cells = contexts.map(({ file, json }) => {
    const [payload, encodeMs] = best(() => encode(json));
    const [back, decodeMs] = best(() => decode(payload));
    if (back !== json) throw new Error(`${name} does not give ${file} back`);
    return { length: payload.length, encodeMs, decodeMs };
  });
  return { name, cells };
});

const base = rows.at(-1).cells.map((c) => c.length);
const brotliRow = rows.find((r) => r.name.startsWith("brotli")).cells.map((c) => c.length);
const largest = contexts.reduce((at, c, i) => (c.json.length > contexts[at].json.length ? i : at), 0);
const f = (x, d = 3) => x.toFixed(d);
const table = rows.map(({ name, cells }) => {
  const lengths = cells.map((c) => c.length);
  const ratios = (to) => `${f(median(lengths.map((l, i) => l / to[i])))} / ${f(sum(lengths) / sum(to))}`;
  const times = (key) => `${f(median(cells.map((c) => c[key])), 2)} / ${f(cells[largest][key], 1)}`;
  return {
    codec: name,
    "of base64url: median / total": ratios(base),
    "of brotli 11: median / total": ratios(brotliRow),
    "chars: smallest / median / largest": `${Math.min(...lengths)} / ${Math.round(median(lengths))} / ${Math.max(...lengths)}`,
    "over 8,000": lengths.filter((l) => l > 8000).length,
    "encode ms: median / largest": times("encodeMs"),
    "decode ms: median / largest": times("decodeMs"),
  };
});
console.log(
  `${contexts.length} contexts, ${sum(contexts.map((c) => Buffer.byteLength(c.json)))} bytes of JSON after redaction`,
);
console.table(table);

// The clock also counts what other programs on the machine do; processor time does not.
const cpuTime = (run) => {
  const from = process.cpuUsage();
  for (let i = 0; i < 20; i++) run();
  const { user, system } = process.cpuUsage(from);
  return f((user + system) / 20000, 1);
};
const big = contexts[largest].json;
const bigLink = wasm.encode(big, false);
console.log(
  `processor time for the largest context: encode ${cpuTime(() => wasm.encode(big, false))} ms, decode ${cpuTime(() => wasm.decode(bigLink))} ms`,
);
const starts = Array.from({ length: 9 }, () =>
  JSON.parse(
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--start", wasmDir, ...folders], {
      encoding: "utf8",
    }),
  ),
);
const spread = (key) => {
  const list = starts.map((s) => s[key]);
  return `${f(Math.min(...list), 1)} / ${f(median(list), 1)} / ${f(Math.max(...list), 1)} ms`;
};
console.log(
  `start of the codec, once: ${spread("start")}; processor time of all threads, the compiler's included: ${spread("cpu")}; loading the module beside it: ${spread("load")} (best / median / worst of ${starts.length} fresh processes)`,
);

const module = readFileSync(path.join(wasmDir, "bench_codec_wasm_bg.wasm"));
const prime = statSync(path.join(here, "../../crates/handoff/prime/v1.bin")).size;
console.log(
  `link part as WebAssembly: ${zlib.gzipSync(module, { level: 9 }).length} bytes gzip, ${module.length} raw; ${prime} of them are the priming text`,
);

// One character changed, dropped, doubled, or the rest cut off.
const links = rows[0].cells.map((_, i) => wasm.encode(contexts[i].json, false));
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
let seed = 1;
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 4294967296) * below);
};
const trial = (tries) => {
  let wrong = 0;
  let same = 0;
  for (let i = 0; i < tries; i++) {
    const n = random(links.length);
    const link = links[n];
    const at = random(link.length);
    const damaged = [
      () => link.slice(0, at) + alphabet[random(64)] + link.slice(at + 1),
      () => link.slice(0, at) + link.slice(at + 1),
      () => link.slice(0, at + 1) + link.slice(at),
      () => link.slice(0, at),
    ][i % 4]();
    if (damaged === link) {
      same++;
      continue;
    }
    try {
      if (wasm.decode(damaged) !== contexts[n].json) wrong++;
    } catch {
      // Refused, as it should be.
    }
  }
  return { wrong, same };
};
const { wrong, same } = trial(20000);
console.log(
  `damaged links: 20,000 tries (${same} left the link as it was), ${wrong} opened as another context`,
);
if (links.some((l) => !/^[\w-]*[A-Za-z0-9]$/.test(l)))
  throw new Error("a payload ends on a character that chat programs cut off");
if (wrong > 0) process.exit(1);
