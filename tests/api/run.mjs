// A worker with an emulator behind it and something in its registry, and schemathesis in front of it.

import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator, startWorker } from "../../scripts/lib/worker-server.mjs";
import { planOf } from "../worker/deployments.mjs";
import { CONVERSATION, SPACE } from "../worker/names.mjs";

const here = import.meta.dirname;
const [seconds = "90", ...more] = process.argv.slice(2);
const seed = process.env.SEED ?? "20261121";
const token = randomBytes(16).toString("hex");

const emulator = await startEmulator();
const logs = [];
const key = { ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }), kid: "2026-a" };
const worker = await startWorker({
  emulator,
  onLog: ({ message }) => {
    if (/"status":5\d\d|"level":"error"/.test(message)) logs.push(message);
  },
  bindings: {
    API_TOKENS: `tests:${createHash("sha256").update(token).digest("hex")}`,
    CALLER_ROLES: "tests:author|deployer",
    OAUTH_CLIENT_ID: "emulator-client",
    OAUTH_CLIENT_SECRET: "emulator-secret",
    SESSION_KEY: randomBytes(32).toString("base64"),
    HANDOFF_SIGNING_KEY: JSON.stringify(key),
    RATE_LIMIT: "0",
    RATE_LIMIT_WRITES: "0",
  },
});
const folder = mkdtempSync(path.join(tmpdir(), "genie-handoff-api-"));

async function post(route, body) {
  const response = await fetch(worker.url + route, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** One of everything. */
async function known() {
  const ids = { space_id: [SPACE], conversation_id: [CONVERSATION], version: ["1.0.0"] };
  ids.plan_id = [];
  for (const id of ["0a", "0b"]) {
    const plan = planOf(`00000000-0000-4000-8000-0000000000${id}`);
    const { plan_id, plan_hash, version } = await post("/api/plans", plan);
    ids.plan_id.push(plan_id);
    ids.plan_hash = [plan_hash];
    if (id === "0a") {
      await post(`/api/plans/${plan_id}/deploy`, { plan_hash, version });
      ids.run_id = [(await post(`/api/plans/${plan_id}/runs`, {})).run_id];
    }
  }
  const session = { space_id: SPACE, conversation_id: CONVERSATION };
  ids.handoff_id = [(await post("/api/handoffs", session)).handoff_id];
  return ids;
}

async function run() {
  const child = spawn(
    path.join(process.env.SCHEMATHESIS_BIN ?? "", "schemathesis"),
    [
      ...["--config-file", path.join(here, "schemathesis.toml")],
      ...["run", `${worker.url}/openapi.json`],
      ...["--max-time", seconds, "--seed", seed],
      ...["--header", `Authorization: Bearer ${token}`],
      ...more,
    ],
    {
      // What it writes beside its output goes away with this folder.
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: "hooks",
        PYTHONPATH: here,
        KNOWN_IDS: JSON.stringify(await known()),
        NO_COLOR: "1",
      },
    },
  );
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => child.kill(signal));
  const [code] = await once(child, "exit");
  return code ?? 1;
}

let code = 1;
try {
  code = await run();
  if (code !== 0) {
    if (logs.length > 0) console.error(`What the worker said of its faults:\n${logs.slice(-20).join("\n")}`);
  }
} finally {
  await worker.stop();
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = code;
