// Reads the audit log from the database file of a local server, which may be running.

import { readdirSync } from "node:fs";
import path from "node:path";

/**
 * @param {string} folder Where the server keeps its data; the database file is somewhere below.
 * @returns {Promise<{ rows: Record<string, unknown>[], head: { seq: number, hash: string } }>} Oldest first.
 */
export async function readLocalAudit(folder) {
  const sqlite = await import("node:sqlite").catch(() => {
    throw new Error("--local needs Node 22.5 or later; --url and --file do not.");
  });
  const files = readdirSync(folder, { recursive: true }).filter((file) => String(file).endsWith(".sqlite"));
  for (const file of files) {
    const database = new sqlite.DatabaseSync(path.join(folder, String(file)), { readOnly: true });
    try {
      const there = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'audit_head'").get();
      if (!there) continue;
      const rows = database.prepare("SELECT * FROM audit ORDER BY seq").all();
      const head = database.prepare("SELECT seq, hash FROM audit_head").get();
      return { rows: rows.map((row) => ({ ...row })), head };
    } finally {
      database.close();
    }
  }
  throw new Error(`No database with an audit log is below ${folder}.`);
}
