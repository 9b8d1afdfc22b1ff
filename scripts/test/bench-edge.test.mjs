// What the benchmark of the edge worker makes of its measurements: errors make a figure worthless.

import assert from "node:assert/strict";
import { test } from "node:test";
import { failures, ratios, targets, text } from "../../bench/edge/lib/report.mjs";

const spread = (value) => ({ median: value, min: value, max: value });

function row(name, connections, rps, errors = {}) {
  return {
    name,
    connections,
    rps: spread(rps),
    p50_us: 1,
    p99_us: 2,
    cpu_us: spread(50),
    upstream_calls_per_request: 0,
    errors,
    rounds: [{ rps, cpu_us: 50 }],
  };
}

function judged(results) {
  const pairs = ratios(results);
  const list = targets(results, pairs);
  return { list, said: text(results, pairs, list) };
}

test("a ratio is met or not met", () => {
  const { list, said } = judged({ hot: [row("ours", 16, 140), row("hono+cache", 16, 100)] });
  assert.deepEqual(
    list.map(({ value, met, reached, valid }) => ({ value, met, reached, valid })),
    [{ value: 1.4, met: true, reached: false, valid: true }],
  );
  assert.match(said, / met .* not reached/);
  assert.doesNotMatch(said, /not valid|FAILED/);
});

test("a ratio with an error on either side is not valid", () => {
  const refused = { status: 1 };
  for (const hot of [
    [row("ours", 16, 900, refused), row("hono+cache", 16, 100)],
    [row("ours", 16, 900), row("hono+cache", 16, 100, refused)],
  ]) {
    const { list, said } = judged({ hot });
    assert.deepEqual(
      [list.length, list[0].valid, list[0].met, list[0].reached],
      [1, false, undefined, undefined],
    );
    assert.equal(said.match(/not valid/g)?.length, 4, "the ratio, its demand, its aim, and the last line");
    assert.doesNotMatch(said, / (met|reached) /);
    assert.deepEqual(failures({ hot }), { hot: 1 });
  }
});

test("other rows of the run keep their verdict", () => {
  const cold = [
    row("ours", 16, 9, { status: 3 }),
    row("hono", 16, 9),
    row("ours", 64, 9),
    row("hono", 64, 9),
  ];
  const { list } = judged({ cold });
  assert.deepEqual(
    list.map((one) => [one.what.includes("16 connections"), one.valid]),
    [
      [true, false],
      [true, false],
      [false, true],
      [false, true],
    ],
  );
});

test("every scenario can fail the run", () => {
  const one = { upstream_calls: 1, served: 199, waiting: 200, elapsed_ms: 1 };
  const burst = [{ name: "ours", first: "stays", tries: [one] }];
  const warm = { requests: 10, answered: 10, ok: 9, rps: 1, upstream_calls: 1, errors: { status: 1 } };
  assert.deepEqual(failures({ burst, warm, cold: [row("hono", 1, 1, { hung: 2 })] }), {
    cold: 2,
    warm: 1,
    burst: 1,
  });
  const { list } = judged({ burst });
  assert.deepEqual(
    list.map(({ valid, met }) => [valid, met]),
    [
      [false, undefined],
      [true, false],
    ],
  );
  assert.deepEqual(failures({ hot: [row("ours", 1, 1)], warm: { requests: 1, ok: 1, errors: {} } }), {});
});
