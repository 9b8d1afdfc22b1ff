// Times renderers of the same MERGE side by side.
//
//   node run.mjs WASM_DIR NATIVE_PROGRAM PYTHON
//
// Every figure is the best tenth of many calls after a warm-up, in microseconds: what the work costs when nothing else
// wants the processor.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const [wasmDir, native, python] = process.argv.slice(2).map((p) => path.resolve(p));
const wasm = createRequire(import.meta.url)(path.join(wasmDir, "bench_render_wasm.js"));
const counts = [5, 100, 2000];

function measure(run) {
  const times = [];
  const begin = performance.now();
  while (times.length < 30 || (performance.now() - begin < 800 && times.length < 20000)) {
    const start = performance.now();
    run();
    times.push((performance.now() - start) * 1000);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 10)];
}

/** What a careful person writes in JavaScript: quoting, duplicates, NULL-safe comparison; no checks of any kind. */
function template(plan) {
  const quote = (name) => `\`${name.replaceAll("`", "``")}\``;
  const table = (t) => [t.catalog, t.schema, t.table].map(quote).join(".");
  const columns = plan.source.columns.map(quote);
  const keys = plan.pattern_config.merge_keys.map(quote);
  const isKey = new Set(keys);
  const others = columns.filter((c) => !isKey.has(c));
  return `MERGE INTO ${table(plan.target)} AS t
USING (
  SELECT *
  FROM (
    SELECT ${columns.join(", ")},
      ROW_NUMBER() OVER (PARTITION BY ${keys.join(", ")} ORDER BY ${others.map((c) => `${c} DESC`).join(", ")}) AS \`__n\`
    FROM ${table(plan.source)}
    WHERE (${plan.source.filter})
  )
  WHERE \`__n\` = 1
) AS s
ON ${keys.map((c) => `t.${c} <=> s.${c}`).join(" AND ")}
WHEN MATCHED AND NOT (${others.map((c) => `t.${c} <=> s.${c}`).join(" AND ")}) THEN UPDATE SET
  ${others.map((c) => `${c} = s.${c}`).join(", ")}
WHEN NOT MATCHED THEN INSERT (${columns.join(", ")}) VALUES (${columns.map((c) => `s.${c}`).join(", ")})`;
}

const plans = counts.map((n) => execFileSync(native, [String(n)], { encoding: "utf8" }));
const files = plans.map((text, n) => {
  const file = path.join(wasmDir, `plan-${counts[n]}.json`);
  writeFileSync(file, text);
  return file;
});
const nativeRows = execFileSync(native, { encoding: "utf8" })
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const sqlglot = JSON.parse(
  execFileSync(python, [path.join(here, "sqlglot_merge.py"), ...files], { encoding: "utf8" }),
);

const rows = counts.map((count, n) => {
  const json = plans[n];
  const object = JSON.parse(json);
  const plan = new wasm.ReadPlan(json);
  const words = (sql) =>
    sql
      .replace(/^--.*\n/gm, "")
      .replaceAll("__gh_n", "__n")
      .replace(/[\s()]+/g, "");
  if (words(plan.load()) !== words(template(object)))
    throw new Error("the template writes another statement");
  // The template is called with different objects, or the engine would be timing a constant.
  const variants = Array.from({ length: 8 }, (_, v) => ({
    ...object,
    source: { ...object.source, filter: `${object.source.filter} OR ${v} > 1` },
  }));
  let turn = 0;
  let _length = 0;
  return {
    columns: count,
    "native load": nativeRows[n].load,
    "native validate+hash": nativeRows[n].validate,
    "native everything": nativeRows[n].everything,
    "wasm load": measure(() => {
      _length += plan.load().length;
    }),
    "wasm JSON to load": measure(() => {
      _length += wasm.load(json).length;
    }),
    "wasm everything": measure(() => {
      _length += plan.everything();
    }),
    "JS template": measure(() => {
      turn += 1;
      _length += Buffer.byteLength(template(variants[turn % 8]));
    }),
    sqlglot: sqlglot[count],
    bytes: nativeRows[n].bytes,
  };
});
const names = Object.keys(rows[0]).slice(1);
console.log("microseconds".padEnd(24), counts.map((c) => `${c} columns`.padStart(14)).join(""));
for (const name of names) {
  console.log(
    name.padEnd(24),
    rows.map((r) => r[name].toFixed(name === "bytes" ? 0 : 1).padStart(14)).join(""),
  );
}
const [small, middle, large] = rows;
const perColumn = (row) => row["wasm load"] / row.columns;
console.log(
  `\nwasm load, microseconds per column: ${rows.map((r) => perColumn(r).toFixed(3)).join(", ")} (linear if the last two are alike)`,
);
console.log(
  `native load beside sqlglot: ${rows.map((r) => `${(r.sqlglot / r["native load"]).toFixed(0)}x`).join(", ")} faster`,
);
const bytes = readFileSync(path.join(wasmDir, "bench_render_wasm_bg.wasm"));
console.log(
  `the module (plans and SQL alone): ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzip`,
);
const fast = large["wasm load"] < 1000;
const linear = perColumn(large) < 2 * perColumn(middle);
console.log(`below 1 ms for 2,000 columns in wasm: ${fast ? "yes" : "NO"}; linear: ${linear ? "yes" : "NO"}`);
process.exitCode = fast && linear && small ? 0 : 1;
