import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bindingsOf,
  readSettings,
  SettingsError,
  secretVariables,
  workerVariables,
} from "../lib/settings.mjs";

const live = { DATABRICKS_HOST: "https://acme.cloud.databricks.com" };

function problemsOf(environment) {
  try {
    readSettings(environment);
  } catch (problem) {
    assert.ok(problem instanceof SettingsError, String(problem));
    return problem.problems;
  }
  return [];
}

describe("settings", () => {
  it("uses the emulator, and its credential, when no workspace is named", () => {
    const settings = readSettings({});
    assert.deepEqual(settings, {
      port: 8787,
      emulator: { port: 8788, controlPort: 8789 },
      bindings: { DATABRICKS_HOST: "http://127.0.0.1:8788", DATABRICKS_TOKEN: "emulator-token" },
      warnings: [],
    });
  });

  it("follows EMULATOR_PORT with the worker's upstream", () => {
    const settings = readSettings({ PORT: "9000", EMULATOR_PORT: "9001", EMULATOR_CONTROL_PORT: "9002" });
    assert.equal(settings.port, 9000);
    assert.equal(settings.bindings.DATABRICKS_HOST, "http://127.0.0.1:9001");
  });

  it("never hands a real credential to the emulator, and says so without showing it", () => {
    const settings = readSettings({ DATABRICKS_TOKEN: "dapi-real" });
    assert.equal(settings.bindings.DATABRICKS_TOKEN, "emulator-token");
    assert.equal(settings.warnings.length, 1);
    assert.match(settings.warnings[0], /DATABRICKS_TOKEN/);
    assert.ok(!JSON.stringify(settings).includes("dapi-real"));
    const pair = readSettings({ DATABRICKS_CLIENT_ID: "me", DATABRICKS_CLIENT_SECRET: "dose-real" });
    assert.equal(pair.bindings.DATABRICKS_CLIENT_SECRET, undefined);
    assert.ok(!JSON.stringify(pair).includes("dose-real"));
  });

  it("signs in to the emulator as its service principal on request", () => {
    const { bindings, warnings } = readSettings({
      DATABRICKS_CLIENT_ID: "emulator-client",
      DATABRICKS_CLIENT_SECRET: "emulator-secret",
    });
    assert.equal(bindings.DATABRICKS_CLIENT_ID, "emulator-client");
    assert.equal(bindings.DATABRICKS_TOKEN, undefined);
    assert.deepEqual(warnings, []);
  });

  it("starts no emulator when a workspace is named", () => {
    const settings = readSettings({ ...live, DATABRICKS_TOKEN: "t", EMULATOR_PORT: "nonsense" });
    assert.equal(settings.emulator, undefined);
    assert.deepEqual(settings.bindings, { ...live, DATABRICKS_TOKEN: "t" });
  });

  it("passes on the named variables and nothing else", () => {
    const all = Object.fromEntries(workerVariables.map((name) => [name, "1"]));
    const { bindings } = readSettings({
      ...all,
      ...live,
      DATABRICKS_CLIENT_ID: "",
      DATABRICKS_CLIENT_SECRET: "  ",
      HOME: "/home/me",
      LISTEN_HOST: "127.0.0.1",
      AWS_SECRET_ACCESS_KEY: "x",
    });
    const expected = workerVariables.filter((name) => !name.startsWith("DATABRICKS_CLIENT_"));
    assert.deepEqual(Object.keys(bindings).sort(), [...expected].sort());
    for (const name of secretVariables) assert.ok(workerVariables.includes(name));
  });

  it("gives each worker what it needs, and knows all others", () => {
    const all = Object.fromEntries(workerVariables.map((name) => [name, "1"]));
    const [front, plans] = ["public", "plans"].map((name) => Object.keys(bindingsOf(name, all)));
    assert.deepEqual(new Set([...front, ...plans]), new Set(workerVariables));
    const only = (mine, other) => mine.filter((name) => !other.includes(name)).sort();
    assert.deepEqual(only(front, plans), [
      "CACHE_TTL_MS",
      "PLANS_TIMEOUT_MS",
      "RATE_LIMIT",
      "RATE_LIMIT_WRITES",
    ]);
    assert.deepEqual(only(plans, front), [
      "DEPLOY_FOLDER",
      "DEPLOY_RUN_AS",
      "FEEDBACK_TO_GENIE",
      "REQUIRE_TWO_PEOPLE",
    ]);
    assert.throws(() => bindingsOf("public", { HOME: "/home/me" }), /HOME is no variable/);
  });

  it("refuses both kinds of credential, with a workspace and without", () => {
    const both = { DATABRICKS_TOKEN: "secret-one", DATABRICKS_CLIENT_ID: "id" };
    for (const environment of [both, { ...live, ...both, DATABRICKS_CLIENT_SECRET: "secret-two" }]) {
      const [problem, ...more] = problemsOf(environment);
      assert.match(problem, /both set/);
      assert.doesNotMatch(problem, /secret-/);
      assert.deepEqual(more, []);
    }
  });

  it("refuses half a service principal and a workspace without a credential", () => {
    assert.match(problemsOf({ ...live, DATABRICKS_CLIENT_ID: "id" })[0], /CLIENT_SECRET is not/);
    assert.match(problemsOf({ ...live, DATABRICKS_CLIENT_SECRET: "s" })[0], /CLIENT_ID is not/);
    assert.match(problemsOf(live)[0], /without a credential/);
  });

  it("demands https, but for this machine", () => {
    const host = (DATABRICKS_HOST) => problemsOf({ DATABRICKS_HOST, DATABRICKS_TOKEN: "t" });
    for (const fine of [
      "https://a.azuredatabricks.net/",
      "a.cloud.databricks.com",
      "http://127.0.0.1:9",
      "http://localhost:9",
      "http://[::1]:9",
    ]) {
      assert.deepEqual(host(fine), [], fine);
    }
    for (const bad of [
      "http://acme.cloud.databricks.com",
      "http://127.0.0.1.evil.com",
      "ftp://a.b",
      "https://u:p@a.b",
    ]) {
      assert.equal(host(bad).length, 1, bad);
    }
    assert.match(host("http://10.0.0.1")[0], /https/);
  });

  it("refuses ports that cannot be, and the same one twice", () => {
    for (const bad of ["0", "65536", "-1", "80a", "1e3", "8.5"])
      assert.equal(problemsOf({ PORT: bad }).length, 1, bad);
    assert.match(problemsOf({ PORT: "8788" })[0], /must differ/);
  });

  it("reports every problem at once", () => {
    const problems = problemsOf({
      PORT: "x",
      DATABRICKS_HOST: "http://a.b",
      DATABRICKS_TOKEN: "t",
      DATABRICKS_CLIENT_ID: "i",
    });
    assert.equal(problems.length, 3);
  });
});
