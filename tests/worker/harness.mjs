// What every test of the worker needs: an emulator with faults, the real worker in workerd, and eyes on both.

import http from "node:http";
import { expect } from "vitest";
import { startEmulator, startWorker } from "../../scripts/lib/worker-server.mjs";
import { EMULATOR_TOKEN, HIDDEN, NOBODY, SPACE } from "./names.mjs";
import { answered, guard, logged, report, stored } from "./watch.mjs";

export { EMULATOR_TOKEN, HIDDEN, NOBODY, SPACE };

/** Texts that no answer and no log line may ever hold. */
export const SECRETS = [EMULATOR_TOKEN, "emulator-secret", "Bearer ", "Basic ", "alpha-token", "beta-token"];

/** Starts an emulator on free ports; its control route is wrapped in functions. */
export async function emulator(options = {}) {
  const server = await startEmulator(options);
  const control = async (method, path, body) => {
    const response = await fetch(server.controlUrl + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`control ${method} ${path}: ${response.status} ${text}`);
    // Ids exceed what a number holds.
    return text === "" ? undefined : JSON.parse(text.replace(/"(\w*_id)":(\d+)/g, '"$1":"$2"'));
  };
  return {
    ...server,
    control,
    /** Switches a fault on for paths that begin with `prefix`. */
    fault: (fault, { prefix = "/api/", times } = {}) =>
      control("POST", "/faults", { match: { path_prefix: prefix }, fault, ...(times ? { times } : {}) }),
    calm: () => control("DELETE", "/faults"),
    /** Requests received since the last `forget`, those to the token endpoint left out unless asked for. */
    requests: async ({ tokens = false } = {}) => {
      const { requests } = await control("GET", "/requests");
      return requests.filter((request) => tokens || !request.path.startsWith("/oidc/"));
    },
    forget: () => control("DELETE", "/requests"),
  };
}

/**
 * Starts the worker against `upstream` (an emulator, or any address). `stop` fails when anything that the worker
 * answered, logged or stored is a credential, or a value from somebody's SQL.
 */
export async function worker(upstream, bindings = {}, options = {}) {
  const host = typeof upstream === "string" ? upstream : upstream.url;
  const credential = "DATABRICKS_CLIENT_ID" in bindings ? {} : { DATABRICKS_TOKEN: EMULATOR_TOKEN };
  const messages = [];
  const settings = { DATABRICKS_HOST: host, ...credential, ...bindings };
  guard(settings);
  const server = await startWorker({
    bindings: settings,
    onLog: ({ message }) => {
      messages.push(message);
      logged(message);
    },
    ...options,
  });
  let killed = false;
  let stopped;
  return {
    ...server,
    /** Ends workerd without any courtesy. It is started again, unless `stop` comes first. */
    kill() {
      killed = true;
      process.kill(server.pid(), "SIGKILL");
    },
    stop() {
      stopped ??= (async () => {
        try {
          // Whoever kills a server looks into its database with another one.
          if (!killed) await stored(server.databases.DB);
        } finally {
          await server.stop();
        }
        const leaks = report();
        if (leaks.length > 0) throw new Error(`given away:\n${leaks.join("\n")}`);
      })();
      return stopped;
    },
    async get(path, init) {
      const answer = await call(server.url + path, init);
      answered(init?.method ?? "GET", path, answer);
      return answer;
    },
    /** Everything that was logged. */
    logs: () => messages.join("\n"),
    /** Log lines that are JSON, parsed. They come a moment after the answer. */
    lines: () => messages.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)),
    /** The log line of the request behind an answer. */
    lineOf(answer) {
      const id = answer.headers["x-request-id"];
      return until(() => this.lines().find((line) => line.request_id === id), `the log line of ${id}`);
    },
  };
}

/** A request with any header, `host` included, and its whole answer. */
export function call(url, { method = "GET", headers = {}, body, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, signal, agent: false }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text,
          json: () => JSON.parse(text),
        });
      });
    });
    request.on("error", reject);
    if (body !== undefined) request.write(body);
    request.end();
  });
}

/** Asserts a problem document with this status and code, complete and without secrets. */
export function expectProblem(answer, status, code) {
  expect({ status: answer.status, body: answer.text }).toMatchObject({ status });
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  const problem = answer.json();
  expect(problem).toMatchObject({
    type: `urn:genie-handoff:problem:${code}`,
    status,
    code,
    request_id: answer.headers["x-request-id"],
  });
  for (const key of ["title", "detail"]) expect(problem[key]).toMatch(/\S/);
  expect(typeof problem.retryable).toBe("boolean");
  expectNoSecret(answer);
  return problem;
}

/** Asserts that nothing in an answer or a text is a credential. */
export function expectNoSecret(answer) {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer.headers) + answer.text;
  // The scheme that a 401 names is no credential.
  const shown = text.replace('"www-authenticate":"Bearer realm', "");
  for (const secret of SECRETS)
    expect(shown.includes(secret), `${secret} in ${shown.slice(0, 500)}`).toBe(false);
}

/** Waits until both workers ask the workspace again: one that has failed too often is left alone for a while. */
export function well(server, headers) {
  const asked = async () => (await server.get("/health?deep=1", { headers })).json().status === "ok";
  return until(asked, "the workspace is well again");
}

/** Waits until `condition` gives something truthy; the deadline is for a broken product, not for pacing. */
export async function until(condition, what, deadlineMs = 15_000) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
