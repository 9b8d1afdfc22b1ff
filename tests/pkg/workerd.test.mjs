import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bin, consumer, expected, ROOT, run } from "./harness.mjs";

const folder = consumer("workerd");
let worker;
beforeAll(async () => {
  // What a deployment uploads.
  await run(bin(ROOT, "wrangler"), ["deploy", "--dry-run", "--outdir", "dist"], {
    cwd: folder,
    env: { WRANGLER_SEND_METRICS: "false", CI: "1" },
  });
  const built = path.join(folder, "dist");
  const wasm = readdirSync(built).filter((name) => name.endsWith(".wasm"));
  expect(wasm).toHaveLength(2);
  worker = new Miniflare({
    host: "127.0.0.1",
    // Nothing of this goes to the network or to folders that other projects share.
    cf: false,
    enableDevRegistry: false,
    telemetry: { enabled: false },
    workers: [
      {
        config: {
          name: "consumer-workerd",
          compatibilityDate: "2026-01-01",
          manifest: {
            mainModule: "worker.js",
            modulesRoot: built,
            modules: {
              "worker.js": { type: "esm", contents: readFileSync(path.join(built, "worker.js")) },
              ...Object.fromEntries(
                wasm.map((name) => [name, { type: "wasm", contents: readFileSync(path.join(built, name)) }]),
              ),
            },
          },
        },
      },
    ],
  });
});
afterAll(() => worker?.dispose());

it("a Worker, more than one request", async () => {
  for (let n = 0; n < 3; n += 1) {
    const response = await worker.dispatchFetch("http://worker.test/");
    expect(await response.json()).toEqual(await expected());
  }
});
