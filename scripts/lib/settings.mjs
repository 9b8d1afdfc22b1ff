// What start.sh is told by the environment, checked before anything is started. Texts name variables, never values of
// secrets.

const both = ["public", "plans"];
/** Which of the two workers gets which variable. Nothing else of the environment reaches them. */
const receivers = {
  DATABRICKS_HOST: both,
  DATABRICKS_TOKEN: both,
  DATABRICKS_CLIENT_ID: both,
  DATABRICKS_CLIENT_SECRET: both,
  API_TOKENS: both,
  ALLOWED_ORIGINS: both,
  ACCESS_TEAM_DOMAIN: both,
  ACCESS_AUD: both,
  UPSTREAM_TIMEOUT_MS: both,
  UPSTREAM_TOTAL_MS: both,
  UPSTREAM_REST_MS: both,
  PLANS_TIMEOUT_MS: ["public"],
  CACHE_TTL_MS: ["public"],
  // Both sign: the one links that it is given, the other those that it makes.
  HANDOFF_SIGNING_KEY: both,
  HANDOFF_PUBLIC_KEYS: both,
  DEPLOY_FOLDER: ["plans"],
  DEPLOY_RUN_AS: ["plans"],
  FEEDBACK_TO_GENIE: ["plans"],
  OAUTH_CLIENT_ID: both,
  OAUTH_CLIENT_SECRET: both,
  SESSION_KEY: both,
  SESSION_KEY_PREVIOUS: both,
  CALLER_ROLES: both,
  REQUIRE_TWO_PEOPLE: ["plans"],
  RATE_LIMIT: ["public"],
  RATE_LIMIT_WRITES: ["public"],
};

/** All of them. */
export const workerVariables = Object.freeze(Object.keys(receivers));

/**
 * Those of `bindings` that a worker gets.
 *
 * @param {"public" | "plans"} worker
 * @param {Record<string, string>} bindings
 * @returns {Record<string, string>}
 */
export function bindingsOf(worker, bindings) {
  const stranger = Object.keys(bindings).find((name) => !(name in receivers));
  if (stranger) throw new Error(`${stranger} is no variable of a worker; scripts/lib/settings.mjs has them`);
  return Object.fromEntries(Object.entries(bindings).filter(([name]) => receivers[name].includes(worker)));
}

/** Those that no log, message or command line may ever hold. */
export const secretVariables = Object.freeze([
  "DATABRICKS_TOKEN",
  "DATABRICKS_CLIENT_SECRET",
  "API_TOKENS",
  "HANDOFF_SIGNING_KEY",
  "OAUTH_CLIENT_SECRET",
  "SESSION_KEY",
  "SESSION_KEY_PREVIOUS",
]);

/** What the emulator accepts. Known to everybody, so no secret. */
export const emulatorCredentials = Object.freeze({
  token: "emulator-token",
  clientId: "emulator-client",
  clientSecret: "emulator-secret",
});

/** The address this is bound to. There is no setting for it: open mode depends on it. */
export const listenHost = "127.0.0.1";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);
const credentialVariables = ["DATABRICKS_TOKEN", "DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET"];

export class SettingsError extends Error {
  /** @param {string[]} problems */
  constructor(problems) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/**
 * @param {Record<string, string | undefined>} environment
 * @returns {{ port: number, emulator?: { port: number, controlPort: number }, bindings: Record<string, string>, warnings: string[] }}
 * @throws {SettingsError} with every problem at once
 */
export function readSettings(environment) {
  const problems = [];
  const warnings = [];
  const value = (name) => environment[name]?.trim() || undefined;
  const port = (name, fallback) => {
    const text = value(name) ?? String(fallback);
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > 65_535) problems.push(`${name} must be a number from 1 to 65535.`);
    return number;
  };

  const settings = { port: port("PORT", 8787), bindings: {}, warnings };
  for (const name of workerVariables) {
    const found = value(name);
    if (found !== undefined) settings.bindings[name] = found;
  }

  const host = value("DATABRICKS_HOST");
  const token = value("DATABRICKS_TOKEN");
  const [id, secret] = [value("DATABRICKS_CLIENT_ID"), value("DATABRICKS_CLIENT_SECRET")];
  if (token && (id || secret)) {
    problems.push(
      "DATABRICKS_TOKEN and DATABRICKS_CLIENT_ID/DATABRICKS_CLIENT_SECRET are both set. Databricks' own SDKs refuse that too: unset one kind.",
    );
  } else if (Boolean(id) !== Boolean(secret)) {
    const [has, lacks] = id ? ["ID", "SECRET"] : ["SECRET", "ID"];
    problems.push(`DATABRICKS_CLIENT_${has} is set and DATABRICKS_CLIENT_${lacks} is not; they go together.`);
  } else if (host && !token && !id) {
    problems.push(
      "DATABRICKS_HOST is set without a credential. Set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET; or unset DATABRICKS_HOST to use the emulator.",
    );
  }

  if (host) {
    const problem = problemOfHost(host);
    if (problem) problems.push(problem);
  } else {
    settings.emulator = {
      port: port("EMULATOR_PORT", 8788),
      controlPort: port("EMULATOR_CONTROL_PORT", 8789),
    };
    useEmulator(settings, { token, id, secret }, warnings);
  }

  const ports = [
    settings.port,
    ...(settings.emulator ? [settings.emulator.port, settings.emulator.controlPort] : []),
  ];
  if (new Set(ports).size !== ports.length) {
    problems.push(`PORT, EMULATOR_PORT and EMULATOR_CONTROL_PORT must differ; they are ${ports.join(", ")}.`);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

function problemOfHost(host) {
  let url;
  try {
    url = new URL(host.includes("://") ? host : `https://${host}`);
  } catch {
    return "DATABRICKS_HOST is not an address. It looks like https://<name>.cloud.databricks.com.";
  }
  if (url.username || url.password) return "DATABRICKS_HOST must not hold a user name or password.";
  if (url.protocol === "https:") return undefined;
  if (url.protocol === "http:" && loopback.has(url.hostname)) return undefined;
  return `DATABRICKS_HOST must start with https:// (plain http is for this machine only); it starts with ${url.protocol}//`;
}

/** Points the worker at the emulator. A real credential is never handed to it. */
function useEmulator(settings, { token, id, secret }, warnings) {
  const { bindings } = settings;
  const { clientId, clientSecret } = emulatorCredentials;
  bindings.DATABRICKS_HOST = `http://${listenHost}:${settings.emulator.port}`;
  const asServicePrincipal = id === clientId && secret === clientSecret;
  if ((id && !asServicePrincipal) || (token && token !== emulatorCredentials.token)) {
    const ignored = credentialVariables.filter((name) => bindings[name] !== undefined);
    warnings.push(
      `${ignored.join(" and ")} ignored: without DATABRICKS_HOST there is only the emulator to talk to.`,
    );
  }
  for (const name of credentialVariables) delete bindings[name];
  if (asServicePrincipal) {
    bindings.DATABRICKS_CLIENT_ID = clientId;
    bindings.DATABRICKS_CLIENT_SECRET = clientSecret;
  } else {
    bindings.DATABRICKS_TOKEN = emulatorCredentials.token;
  }
}
