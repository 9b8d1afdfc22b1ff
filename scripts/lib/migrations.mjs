// Applies D1 migrations to a local database, as `wrangler d1 migrations apply --local` does and into the same table,
// so that either can follow the other.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * @param {import("@cloudflare/workers-types").D1Database} database
 * @param {string} directory Holds `NNNN_name.sql` files; they are applied in the order of their names.
 * @returns {Promise<string[]>} The names of those that were applied now.
 */
export async function applyMigrations(database, directory) {
  await database
    .prepare(
      `CREATE TABLE IF NOT EXISTS d1_migrations(
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         name TEXT UNIQUE,
         applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
       )`,
    )
    .run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row.name));
  const pending = readdirSync(directory)
    .filter((name) => name.endsWith(".sql") && !applied.has(name))
    .sort();
  for (const name of pending) {
    const statements = await statementsOf(readFileSync(path.join(directory, name), "utf8"));
    // One batch is one transaction: a migration is applied as a whole or not at all.
    await database.batch([
      ...statements.map((sql) => database.prepare(sql)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
  return pending;
}

/** Wrangler's own splitter, which knows triggers, quotes and comments. Loaded only when there is something to split. */
async function statementsOf(sql) {
  const { unstable_splitSqlQuery } = await import("wrangler");
  return unstable_splitSqlQuery(sql).filter((statement) => statement.trim() !== "");
}
