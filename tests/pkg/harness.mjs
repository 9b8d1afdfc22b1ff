/** Servers, programs and a browser for the tests of consumers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { chromium } from "playwright-core";
import { expect } from "vitest";
import * as api from "../../pkg/dist/inline.js";
import { scenario } from "./scenario.js";

export const ROOT = path.resolve(import.meta.dirname, "../..");
export const CONSUMERS = path.join(ROOT, "tests/pkg/consumers");
export const TARGET = path.join(ROOT, "target/pkg-tests");
/** The strictest policy that the package promises to live with. */
export const CSP = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** The folder of an installed consumer. */
export const consumer = (name) => path.join(TARGET, name);

/** The report of the package in this process: what every host must give. */
export async function expected(first = "loaded") {
  const report = { ...(await scenario(api)), first };
  expect(report).toMatchObject({
    equal: true,
    again: true,
    leaked: false,
    sameDraft: true,
    reads: "city_library.circulation.loans",
    writes: "query_not_a_query",
    refused: "plan_invalid",
    isError: true,
  });
  return report;
}

/** Runs a program to its end and gives its output; a failure shows all of it. */
export async function run(command, args, { cwd, env = {}, input } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${[command, ...args].join(" ")} ended with ${code}\n${out}\n${err}`);
  return out;
}

/** A program in the consumer's own node_modules. */
export const bin = (folder, name) => path.join(folder, "node_modules/.bin", name);

/**
 * Starts a program of the consumer that serves on a port of the system's choice, and gives the address that it prints.
 * No shell and no npm between, so that stopping it stops all of it.
 */
export async function start(folder, name, args, env = {}) {
  const child = spawn(process.execPath, [bin(folder, name), ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  const stop = async () => {
    child.kill();
    await closed;
  };
  let output = "";
  const url = await new Promise((found, failed) => {
    const read = (chunk) => {
      output += chunk;
      const [address] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(output) ?? [];
      if (address !== undefined && output.includes("\n", output.indexOf(address))) found(`${address}/`);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    closed.then(() => failed(new Error(`${name} ended before it served\n${output}`)));
  });
  return { url, stop };
}

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/** Serves files as a plain web server does, with a Content-Security-Policy. */
export async function serveFiles(folder, { csp = CSP } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const file = path.join(folder, pathname === "/" ? "index.html" : decodeURIComponent(pathname));
    if (!file.startsWith(folder) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[path.extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-security-policy": csp }).end(readFileSync(file));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((stopped) => server.close(stopped));
    },
  };
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Opens a page and gives what it reports, with everything that a person would find wrong in the console.
 * `failFirst` breaks the first request for the wasm; `space` answers the call of the block in the page.
 */
export async function open(browser, url, { failFirst = false } = {}) {
  const page = await browser.newPage();
  const problems = [];
  let wasm = 0;
  let calls = 0;
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    // The browser logs a request that a test breaks on purpose.
    if (message.type() === "error" && !/ERR_FAILED/.test(message.text())) problems.push(message.text());
  });
  await page.route(/\.wasm(?:$|\?)/, (route) => {
    // Vite's development server also has a module of that name, which holds the file's address.
    if (route.request().resourceType() !== "fetch") return route.continue();
    wasm += 1;
    return failFirst && wasm === 1 ? route.abort() : route.continue();
  });
  await page.route("**/api/genie/get*", (route) => {
    calls += 1;
    return route.fulfill({ json: { space_id: SPACE, display_name: "Library", table_identifiers: [] } });
  });
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto(url);
  await page.waitForFunction(() => globalThis.report !== undefined);
  const report = await page.evaluate(() => globalThis.report);
  return { page, report, problems, wasm: () => wasm, calls: () => calls };
}

export const SPACE = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

/** The block that React consumers show: one call although StrictMode mounts it twice. */
export async function expectBlock({ page, calls }) {
  await page.locator("h2", { hasText: "Library" }).waitFor();
  expect(calls()).toBe(1);
}
