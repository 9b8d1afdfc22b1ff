import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as glue from "../dist/generated/handoff.js";

const bytes = readFileSync(new URL("../dist/handoff_bg.wasm", import.meta.url));

function plan(columns: number): string {
  return JSON.stringify({
    schema_version: "1.0",
    plan_metadata: {
      plan_id: "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
      plan_name: "orders",
      owner: "ada@example.com",
      created_at: "2026-01-16T08:00:00Z",
      version: "1.0.0",
    },
    pattern: { type: "MERGE_UPSERT" },
    source: {
      catalog: "main",
      schema: "raw",
      table: "orders",
      columns: Array.from({ length: columns }, (_, n) => `column_${n}`),
    },
    target: { catalog: "main", schema: "mart", table: "orders", write_mode: "merge" },
    pattern_config: { merge_keys: ["column_0"] },
    execution_config: { warehouse_id: "0123456789abcdef" },
  });
}

it("a module gives memory back: 20,000 calls of all sizes need no more than the first", () => {
  const { memory } = glue.initSync({ module: new WebAssembly.Module(bytes) });
  // A stride that is prime to their number mixes small ones between large ones.
  const plans = Array.from({ length: 40 }, (_, n) => plan(1 + ((n * 17) % 40)));
  const calls = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const document = plans[n % plans.length] ?? "";
      const sql = glue.renderLoad(document, "{}");
      if (n % 10 === 0) glue.highlightSql(sql);
      if (n % 100 === 0) expect(() => glue.renderLoad(`${document}}`, "{}")).toThrow();
    }
  };
  calls(400);
  const before = memory.buffer.byteLength;
  calls(20_000);
  expect(memory.buffer.byteLength).toBe(before);
}, 60_000);
