// What start.sh promises: one address, and nothing left behind, however it ends.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createConnection } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { alive, freePort, freePorts, isFree, Started, until } from "./harness.mjs";

const workerd = /workerd.*serve/;
const emulator = /\/emulator$/;
const keeper = /keeper/;

let running;
const start = (environment) => {
  running = new Started("scripts/start.sh", [], environment);
  return running;
};
afterEach(() => running?.cleanUp());

/** Nothing of it runs, its ports are free again and it left no file. */
async function assertGone(started) {
  const { PORT, EMULATOR_PORT, EMULATOR_CONTROL_PORT } = started.environment;
  const members = started.members;
  try {
    await until("the end of every process", () => alive(members).length === 0, 10_000);
  } catch (problem) {
    assert.fail(`${problem.message}\n${JSON.stringify(alive(members), null, 1)}`);
  }
  for (const port of [PORT, EMULATOR_PORT, EMULATOR_CONTROL_PORT].filter(Boolean)) {
    // Of a process with many threads the first may have ended (Z) while another still holds the socket.
    await until(`port ${port} to be free`, () => isFree(port), 10_000);
  }
  await until("the removal of temporary files", () => started.leftovers().length === 0, 10_000);
}

describe("start.sh", { timeout: 600_000 }, () => {
  it("prints one address that serves the page and the API, on this machine only", async () => {
    const started = start(await freePorts());
    await started.ready();
    assert.equal((started.output.match(/https?:\/\/\S+/g) ?? []).join(" "), started.url);
    assert.match(started.output, /Emulator: nothing here is a real workspace/);
    assert.match(started.output, /Open mode/);

    const health = await fetch(`${started.url}/health`);
    assert.equal(health.status, 200);
    assert.partialDeepStrictEqual(await health.json(), { status: "ok", databricks: "emulator" });
    const page = await fetch(started.url);
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    const space = await fetch(`${started.url}/api/genie/get?space_id=01f0eca3dc1b1cbc9b65fa58f94c18ad`);
    assert.equal((await space.json()).space_id, "01f0eca3dc1b1cbc9b65fa58f94c18ad");

    for (const address of outsideAddresses()) {
      for (const port of [started.environment.PORT, started.environment.EMULATOR_PORT]) {
        assert.equal(await connects(address, Number(port)), false, `${address}:${port} accepts connections`);
      }
    }
    // Both are there to be found gone below.
    for (const part of [workerd, emulator, keeper]) assert.ok(started.member(part), String(part));

    started.signal("SIGINT", { group: true });
    assert.deepEqual(await started.ended, { code: 0, signal: null });
    await assertGone(started);
  });

  it("takes seconds the second time", async (context) => {
    const started = start(await freePorts());
    const begin = Date.now();
    await started.ready();
    const took = Date.now() - begin;
    context.diagnostic(`second start: ${took} ms`);
    assert.doesNotMatch(started.output, /Building|Installing/);
    assert.ok(took < 15_000, `${took} ms`);
    started.signal("SIGTERM");
    assert.equal((await started.ended).code, 0);
    await assertGone(started);
  });

  for (const [signal, group] of [
    ["SIGINT", false],
    ["SIGTERM", false],
    ["SIGTERM", true],
    ["SIGHUP", true],
  ]) {
    it(`stops everything on ${signal} to ${group ? "the whole group" : "the script alone"}`, async () => {
      const started = start(await freePorts());
      await started.ready();
      started.signal(signal, { group });
      assert.deepEqual(await started.ended, { code: 0, signal: null }, started.output);
      assert.match(started.output, /All parts are stopped/);
      await assertGone(started);
    });
  }

  it("leaves nothing behind when the supervisor is killed", async () => {
    const started = start(await freePorts());
    await started.ready();
    started.signal("SIGKILL");
    assert.equal((await started.ended).signal, "SIGKILL");
    await assertGone(started);
  });

  it("leaves nothing behind when its process group is killed", async () => {
    const started = start(await freePorts());
    await started.ready();
    started.signal("SIGKILL", { group: true });
    await started.ended;
    await assertGone(started);
  });

  for (const [name, part, text] of [
    ["workerd", workerd, /the worker stopped by itself/],
    ["the emulator", emulator, /the emulator stopped by itself.*SIGKILL/s],
  ]) {
    it(`stops everything when ${name} dies`, async () => {
      const started = start(await freePorts());
      await started.ready();
      process.kill(started.member(part).pid, "SIGKILL");
      const end = await started.ended;
      assert.equal(end.signal, null);
      assert.notEqual(end.code, 0);
      await started.exit;
      assert.match(started.output, text);
      assert.match(started.output, /Its log: /);
      await assertGone(started);
    });
  }

  it("stops compilers too when it is stopped while it builds", async (context) => {
    // A target folder of its own, so that there is something to build.
    const target = mkdtempSync(path.join(tmpdir(), "genie-handoff-target-"));
    context.after(() => rmSync(target, { recursive: true, force: true }));
    const building = start({ ...(await freePorts()), CARGO_TARGET_DIR: target });
    await Promise.race([
      until("a compiler", () => building.member(/\brustc\b.*--crate-name/), 300_000),
      building.ended.then(() => assert.fail(building.output)),
    ]);
    building.signal("SIGTERM");
    assert.deepEqual(await building.ended, { code: 143, signal: null });
    const members = building.members;
    await until("the end of every compiler", () => alive(members).length === 0, 20_000);
  });

  it("names who has a port and what to do, and starts nothing", async () => {
    for (const variable of ["PORT", "EMULATOR_PORT", "EMULATOR_CONTROL_PORT"]) {
      const ports = await freePorts();
      const squatter = createServer().listen(Number(ports[variable]), "127.0.0.1");
      try {
        const started = start(ports);
        assert.deepEqual(await started.exit, { code: 1, signal: null });
        assert.match(
          started.output,
          new RegExp(`port ${ports[variable]} is taken by process ${process.pid} `),
        );
        // The way out works: the port that is proposed is free.
        const proposed = new RegExp(`${variable}=(\\d+) \\./scripts/start\\.sh`).exec(started.output)?.[1];
        assert.ok(proposed && (await isFree(proposed)), started.output);
        assert.deepEqual(alive(started.members), []);
        started.cleanUp();
      } finally {
        await new Promise((resolve) => squatter.close(resolve));
      }
    }
  });

  it("refuses two kinds of credential before anything is started", async () => {
    const started = start({
      ...(await freePorts()),
      DATABRICKS_HOST: "https://acme.cloud.databricks.com",
      DATABRICKS_TOKEN: "dapi-startstop",
      DATABRICKS_CLIENT_ID: "client",
      DATABRICKS_CLIENT_SECRET: "dose-startstop",
    });
    assert.deepEqual(await started.exit, { code: 1, signal: null });
    assert.match(started.output, /DATABRICKS_TOKEN and DATABRICKS_CLIENT_ID.*both set/);
    assert.doesNotMatch(started.output, /dapi-startstop|dose-startstop|Building/);
    assert.deepEqual(alive(started.members), []);
  });

  it("talks to the workspace it is given, and shows its credential to nobody", async () => {
    const seen = [];
    const workspace = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no"}');
    });
    const port = await freePort();
    await new Promise((resolve) => workspace.listen(port, "127.0.0.1", resolve));
    try {
      const { PORT } = await freePorts();
      const started = start({
        PORT,
        DATABRICKS_HOST: `http://127.0.0.1:${port}`,
        DATABRICKS_TOKEN: "dapi-startstop-secret",
      });
      await started.ready();
      assert.equal(started.member(emulator), undefined);
      await fetch(`${started.url}/api/genie/get?space_id=01f0eca3dc1b1cbc9b65fa58f94c18ad`);
      assert.ok(seen.includes("Bearer dapi-startstop-secret"));
      for (const { command } of started.members) assert.doesNotMatch(command, /dapi-startstop-secret/);
      started.signal("SIGTERM");
      await started.exit;
      assert.doesNotMatch(started.output, /dapi-startstop-secret/);
      for (const log of started.logs()) assert.doesNotMatch(log, /dapi-startstop-secret/);
      await assertGone(started);
    } finally {
      await new Promise((resolve) => workspace.close(resolve));
    }
  });
});

function outsideAddresses() {
  return Object.values(networkInterfaces())
    .flat()
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);
}

function connects(host, port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 2_000 });
    const answer = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("timeout", () => answer(false));
  });
}
