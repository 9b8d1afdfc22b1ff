// Looks through everything a server under test gives away: its answers, its log lines and, when it stops, every row of
// its database. A server that gave away a credential, or a value from the SQL of a Genie session, does not stop quietly.

/** Names of settings that are secrets, and how each becomes texts that may be seen nowhere. */
const SETTINGS = {
  DATABRICKS_TOKEN: (value) => [value],
  DATABRICKS_CLIENT_SECRET: (value) => [value],
  OAUTH_CLIENT_SECRET: (value) => [value],
  SESSION_KEY: (value) => [value],
  SESSION_KEY_PREVIOUS: (value) => [value],
  API_TOKENS: (value) => value.match(/[0-9a-f]{64}/g) ?? [],
  HANDOFF_SIGNING_KEY: (value) => value.match(/(?<="d":\s*")[^"]+/g) ?? [],
};

/** What credentials look like, whoever made them. */
const SHAPES = [
  // JSON web tokens, and the emulator's access tokens; a payload that has these letters inside is none.
  /(?<![\w-])eyJ[\w.-]{16,}/,
  /(?<![\w-])refresh-[\w-]{8,}/,
  /\bdapi[0-9a-f]{16,}/,
  /\bdose[0-9a-f]{16,}/,
  /\bBearer (?!realm|TOKEN\b)[\w.~+/-]{6,}/,
  /\bBasic [A-Za-z0-9+/]{16,}/,
];

/** Values in the SQL of the emulator's sessions, and cells of its results. */
const VALUES = [
  "literal-canary",
  "cell-canary",
  "'purchase'",
  "'refund'",
  "'page_view'",
  "'gesperrt'",
  "DATE '2026-1",
];

/** A caller who may read a conversation gets it as Genie wrote it: this one route passes the words of others on. */
const CONVERSATIONS = /\/conversations\/[^/?]+\/messages(\?|$)/;

const secrets = new Set(["emulator-token", "emulator-secret", "alpha-token", "beta-token"]);
const leaks = [];

/** Keeps an eye on the secrets among these settings. */
export function guard(settings) {
  for (const [name, value] of Object.entries(settings)) {
    for (const secret of SETTINGS[name]?.(String(value)) ?? []) if (secret.length > 7) secrets.add(secret);
  }
}

/** What of `text` nobody may see. */
export function found(text, { values = true } = {}) {
  const seen = [];
  for (const secret of secrets)
    if (text.includes(secret)) seen.push(`a secret of ${secret.length} characters`);
  for (const shape of SHAPES) if (shape.test(text)) seen.push(`what ${shape} finds`);
  if (values) for (const value of VALUES) if (text.includes(value)) seen.push(value);
  return seen;
}

function look(where, text, options) {
  for (const what of found(text, options)) leaks.push(`${where}: ${what}`);
}

/** Looks through one answer. The cookies it sets are the one place where a credential belongs. */
export function answered(method, path, { headers, text }) {
  const { "set-cookie": _, ...others } = headers;
  const where = `the answer to ${method} ${path.slice(0, 200)}`;
  look(where, text, { values: !CONVERSATIONS.test(path) });
  for (const [name, value] of Object.entries(others)) look(`${where}, ${name}`, String(value));
}

/** Looks through one log line. */
export function logged(line) {
  look(`the log line ${line.slice(0, 120)}`, line);
}

/** Looks through every row of a database. Gives how many there were. */
export async function stored(database) {
  const { results: tables } = await database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'",
    )
    .all();
  let rows = 0;
  for (const { name } of tables) {
    const { results } = await database.prepare(`SELECT * FROM "${name}"`).all();
    rows += results.length;
    for (const row of results) look(`a row of ${name}`, JSON.stringify(row));
  }
  return rows;
}

/** Everything found since the last call. */
export function report() {
  return [...new Set(leaks.splice(0))];
}
