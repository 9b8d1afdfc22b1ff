// Verifies the audit chain. The rules are docs/decisions/0008-registry.md, written here a second time on purpose: a
// mistake in the server's own code would otherwise vouch for itself.

import { createHash } from "node:crypto";

const GENESIS = "0".repeat(64);

/** Canonical JSON (RFC 8785) of what an entry has: objects, texts, whole numbers and null. */
function canonical(value) {
  if (value === null || typeof value === "string" || Number.isSafeInteger(value))
    return JSON.stringify(value);
  if (typeof value !== "object" || Array.isArray(value)) throw new TypeError("not part of an entry");
  // The default order of sort() is by UTF-16 code units, as the RFC wants.
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(",")}}`;
}

/** An entry as the API gives it: its detail is JSON in the database. */
export function parsed(row) {
  try {
    return typeof row.detail === "string" ? { ...row, detail: JSON.parse(row.detail) } : row;
  } catch {
    return row;
  }
}

/** The hash that an entry has to have. */
export function computedHash({ hash: _, ...members }) {
  try {
    return createHash("sha256").update(canonical(members)).digest("hex");
  } catch {
    return undefined;
  }
}

/**
 * Verifies entries in the order of their numbers.
 *
 * @param {Iterable<Record<string, unknown>>} rows All entries, oldest first, `detail` as an object.
 * @param {{ seq: number, hash: string }} [head] The end of the chain as the database keeps it beside the log.
 * @returns {{ entries: number, head_hash: string, problem: { kind: string, seq: number } | null }} `entries` fit.
 */
export function verifyRows(rows, head) {
  const list = [...rows];
  let seq = 0;
  let hash = GENESIS;
  const broken = (kind, at) => ({ entries: seq, head_hash: hash, problem: { kind, seq: at } });
  for (const row of list) {
    const next = seq + 1;
    if (row.seq !== next) return broken("removed", next);
    const intact = row.hash === computedHash(row);
    if (row.prev_hash !== hash) {
      if (list.some((other) => other.hash === row.prev_hash)) return broken("reordered", next);
      return intact && seq > 0 ? broken("changed", seq) : broken("removed", next);
    }
    if (!intact) return broken("changed", next);
    seq = next;
    hash = row.hash;
  }
  if (head && head.seq > seq) return broken("removed", seq + 1);
  if (head && (head.seq < seq || head.hash !== hash)) return broken("changed", Math.max(head.seq, 1));
  return { entries: seq, head_hash: hash, problem: null };
}
