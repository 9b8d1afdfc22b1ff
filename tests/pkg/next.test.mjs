import { afterAll, beforeAll, expect, it } from "vitest";
import { consumer, expectBlock, expected, launch, open, run, start } from "./harness.mjs";

const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
let browser;
let server;
beforeAll(async () => {
  const folder = consumer("next");
  await run("npm", ["run", "build"], { cwd: folder, env });
  server = await start(folder, "next", ["start", "--hostname", "127.0.0.1", "--port", "0"], env);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it("server component, client component and the hook", async () => {
  const opened = await open(browser, server.url);
  expect(opened.report).toEqual(await expected());
  expect(opened.problems).toEqual([]);
  expect(opened.wasm()).toBe(2);
  // A second request finds the module loaded.
  for (const n of [1, 2, 3]) {
    expect(JSON.parse(await opened.page.locator("#server").textContent())).toEqual(await expected());
    await opened.page.locator("h2", { hasText: "Library" }).waitFor();
    expect(opened.calls()).toBe(n);
    if (n < 3) await opened.page.reload();
  }
});

it("a broken request can be repeated", async () => {
  const opened = await open(browser, server.url, { failFirst: true });
  expect(opened.report).toEqual(await expected("wasm_unavailable"));
  await expectBlock(opened);
});
