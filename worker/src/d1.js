// D1 as one step: statements in, rows out. See database.rs and store/mod.rs.

/** Settles as `asked` does, or rejects after `milliseconds`; then nobody knows whether the database did it. */
async function within(asked, milliseconds) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("deadline")), milliseconds);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The rows of one statement. Rejects with what D1 says, or when it is late. */
export async function run(database, statement, values, milliseconds) {
  const prepared = database.prepare(statement).bind(...values);
  return (await within(prepared.all(), milliseconds)).results;
}

/**
 * Runs `[[sql, [argument, ...]], ...]` as one transaction and gives the rows of each statement, as JSON. Rejects with
 * what D1 says, or when it is late.
 */
export async function transact(database, text, milliseconds) {
  const statements = JSON.parse(text).map(([sql, values]) => database.prepare(sql).bind(...values));
  const results = await within(database.batch(statements), milliseconds);
  return JSON.stringify(results.map(({ results }) => results ?? []));
}
