import { cpSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consumer, expectBlock, expected, launch, open, run, serveFiles, start } from "./harness.mjs";

let browser;
const stops = [];
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await browser?.close();
});

async function files(folder, options) {
  const server = await serveFiles(folder, options);
  stops.push(server.stop);
  return server.url;
}

/** What must hold wherever the wasm is a file: it loads, and a broken request can be repeated. */
async function expectFile(url) {
  const fine = await open(browser, url);
  expect(fine.report).toEqual(await expected());
  expect(fine.problems).toEqual([]);
  // One for each module.
  expect(fine.wasm()).toBe(2);
  const broken = await open(browser, url, { failFirst: true });
  expect(broken.report).toEqual(await expected("wasm_unavailable"));
  expect(broken.problems).toEqual([]);
  expect(broken.wasm()).toBe(3);
  return fine;
}

describe("a page without a bundler", () => {
  let folder;
  beforeAll(() => {
    folder = consumer("script");
    cpSync(path.join(folder, "node_modules/genie-handoff/dist"), path.join(folder, "genie-handoff/dist"), {
      recursive: true,
    });
  });

  it("under a policy of script-src 'self' 'wasm-unsafe-eval' alone", async () => {
    await expectFile(await files(folder, { csp: "script-src 'self' 'wasm-unsafe-eval'" }));
    await expectFile(await files(folder));
  });

  it("without 'wasm-unsafe-eval' the error says what to add", async () => {
    const url = await files(folder, { csp: "script-src 'self'" });
    const page = await browser.newPage();
    await page.goto(url);
    // As text: the test runner rewrites imports in functions.
    const error = await page.evaluate(
      `import("/genie-handoff/dist/web.js").then(({ init }) => init()).then(() => ({}), ({ code, help }) => ({ code, help }))`,
    );
    expect(error.code).toBe("wasm_blocked");
    expect(error.help).toContain("'wasm-unsafe-eval'");
  });
});

describe("esbuild", () => {
  const folder = consumer("esbuild");
  beforeAll(() => run("npm", ["run", "build"], { cwd: folder }));

  it("everything in one file, and the hook in React 18", async () => {
    const page = await open(browser, `${await files(folder)}inline.html`);
    expect(page.report).toEqual(await expected());
    expect([page.problems, page.wasm()]).toEqual([[], 0]);
    await expectBlock(page);
  });

  it("a file of its own", async () => {
    await expectFile(`${await files(folder)}file.html`);
  });
});

describe("Vite", () => {
  const folder = consumer("vite");

  it("build: the named file, the one that Vite finds, and the hook", async () => {
    await run("npm", ["run", "build"], { cwd: folder });
    const url = await files(path.join(folder, "dist"));
    await expectBlock(await expectFile(url));
    await expectFile(`${url}plain.html`);
  });

  it("development server, with StrictMode's second mount", async () => {
    const { url, stop } = await start(folder, "vite", ["--host", "127.0.0.1", "--port", "0"]);
    stops.push(stop);
    await expectBlock(await expectFile(url));
    const plain = await open(browser, `${url}plain.html`);
    expect(plain.report).toEqual(await expected());
  });
});

describe("webpack", () => {
  it("build, without any configuration", async () => {
    const folder = consumer("webpack");
    await run("npm", ["run", "build"], { cwd: folder });
    await expectFile(await files(folder));
  });
});
