// One transaction with D1 as one step: statements in as text, rows out as text. See mod.rs.

/**
 * Runs `[[sql, [argument, ...]], ...]` as one transaction and gives the rows of each statement, as JSON. Rejects with
 * what D1 says, or after `milliseconds` without an answer; then nobody knows whether the transaction was done.
 */
export async function transact(database, text, milliseconds) {
  const statements = JSON.parse(text).map(([sql, values]) => database.prepare(sql).bind(...values));
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("deadline")), milliseconds);
  });
  try {
    const results = await Promise.race([database.batch(statements), late]);
    return JSON.stringify(results.map(({ results }) => results ?? []));
  } finally {
    clearTimeout(timer);
  }
}
