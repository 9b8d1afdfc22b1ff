import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { readWranglerConfig } from "../lib/wrangler-config.mjs";

describe("wrangler.toml for the local runtime", () => {
  let folder;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "genie-handoff-test-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function read(text) {
    const file = path.join(folder, "wrangler.toml");
    writeFileSync(file, text);
    return readWranglerConfig(file);
  }
  const minimal = 'name = "n"\nmain = "build/worker.js"\ncompatibility_date = "2026-11-01"\n';

  it("reads the project's own", () => {
    const config = readWranglerConfig(fileURLToPath(new URL("../../wrangler.toml", import.meta.url)));
    assert.equal(path.basename(config.main), "worker.js");
    assert.deepEqual(
      config.databases.map(({ binding }) => binding),
      ["DB"],
    );
    assert.equal(config.assets.binding, "ASSETS");
    assert.equal(config.assets.runWorkerFirst, true);
  });

  it("reads the one of the private worker, which fits the public one", () => {
    const [front, plans] = ["wrangler.toml", "wrangler.plans.toml"].map((name) =>
      readWranglerConfig(fileURLToPath(new URL(`../../${name}`, import.meta.url))),
    );
    assert.deepEqual(front.services, [{ binding: "PLANS", service: plans.name }]);
    assert.notEqual(front.name, plans.name);
    assert.notEqual(front.main, plans.main);
    assert.deepEqual([plans.services, plans.assets], [[], undefined]);
    // Nothing but the private one has a clock: two would do everything twice.
    assert.deepEqual([front.crons, plans.crons], [[], ["* * * * *"]]);
    for (const same of ["compatibilityDate", "compatibilityFlags", "databases"]) {
      assert.deepEqual(front[same], plans[same], same);
    }
  });

  it("gives the private worker no address of its own", () => {
    const text = readFileSync(new URL("../../wrangler.plans.toml", import.meta.url), "utf8");
    const config = parse(text);
    assert.deepEqual(
      [config.workers_dev, config.preview_urls, config.route, config.routes],
      [false, false, undefined, undefined],
    );
  });

  it("takes paths from the file's folder", () => {
    const config = read(
      `${minimal}[[d1_databases]]\nbinding = "DB"\ndatabase_id = "id"\nmigrations_dir = "sql"\n`,
    );
    assert.equal(config.main, path.join(folder, "build", "worker.js"));
    assert.deepEqual(config.databases, [{ binding: "DB", id: "id", migrations: path.join(folder, "sql") }]);
    assert.equal(config.assets, undefined);
  });

  it("prefers the preview database, as wrangler does locally", () => {
    const config = read(
      `${minimal}[[d1_databases]]\nbinding = "DB"\ndatabase_id = "real"\npreview_database_id = "local"\n`,
    );
    assert.equal(config.databases[0].id, "local");
  });

  it("ignores what concerns a deployment only", () => {
    assert.doesNotThrow(() => read(`${minimal}workers_dev = false\n[observability]\nenabled = true\n`));
  });

  it("refuses keys without an effect here", () => {
    assert.throws(() => read(`${minimal}[[kv_namespaces]]\nbinding = "KV"\nid = "x"\n`), /kv_namespaces/);
    assert.throws(() => read(`${minimal}[assets]\ndirectory = "d"\nsurprise = 1\n`), /assets: .*surprise/s);
    assert.throws(
      () => read(`${minimal}[[d1_databases]]\nbinding = "DB"\ndatabase_id = "i"\nremote = true\n`),
      /remote/,
    );
  });

  it("names what is missing or of the wrong type", () => {
    assert.throws(() => read('name = "n"\nmain = "m"\n'), /compatibility_date is missing/);
    assert.throws(() => read(minimal.replace('"n"', "1")), /name must be of type string/);
  });
});
