import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { Miniflare } from "miniflare";
import { applyMigrations } from "../lib/migrations.mjs";

describe("migrations of the local database", () => {
  let miniflare;
  let database;
  let folder;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "genie-handoff-test-"));
    miniflare = new Miniflare({
      cf: false,
      enableDevRegistry: false,
      workers: [
        {
          config: {
            name: "empty",
            compatibilityDate: "2026-11-01",
            manifest: {
              mainModule: "empty.js",
              modulesRoot: folder,
              modules: { "empty.js": { type: "esm", contents: "export default {}" } },
            },
            env: { DB: { type: "d1", id: "test" } },
          },
        },
      ],
    });
    database = await miniflare.getD1Database("DB");
  });
  after(async () => {
    await miniflare.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name, sql) => writeFileSync(path.join(folder, name), sql);
  const rows = async (sql) => (await database.prepare(sql).all()).results;

  it("applies them in order, once, triggers and quoted semicolons included", async () => {
    write(
      "0002_trigger.sql",
      "CREATE TRIGGER fixed BEFORE UPDATE ON t BEGIN SELECT RAISE(ABORT, 'a; b'); END;",
    );
    write("0001_table.sql", "-- a; comment\nCREATE TABLE t (x TEXT);\nINSERT INTO t VALUES ('one; two');");
    write("README.md", "not SQL");
    assert.deepEqual(await applyMigrations(database, folder), ["0001_table.sql", "0002_trigger.sql"]);
    assert.deepEqual(await applyMigrations(database, folder), []);
    assert.deepEqual(await rows("SELECT x FROM t"), [{ x: "one; two" }]);
    await assert.rejects(database.prepare("UPDATE t SET x = 'other'").run(), /a; b/);
    assert.deepEqual(await rows("SELECT name FROM d1_migrations ORDER BY id"), [
      { name: "0001_table.sql" },
      { name: "0002_trigger.sql" },
    ]);
  });

  it("leaves nothing of a migration that fails", async () => {
    write("0003_broken.sql", "CREATE TABLE half (x TEXT);\nINSERT INTO nowhere VALUES (1);");
    await assert.rejects(applyMigrations(database, folder), /nowhere/);
    assert.deepEqual(await rows("SELECT name FROM sqlite_master WHERE name = 'half'"), []);
    write("0003_broken.sql", "CREATE TABLE half (x TEXT);");
    assert.deepEqual(await applyMigrations(database, folder), ["0003_broken.sql"]);
  });
});
