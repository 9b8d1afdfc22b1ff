import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launch, openPage, type Watched } from "./harness/browser.ts";
import { expectAccessible, findings, openCanvas } from "./harness/canvas.ts";
import { type Stack, startStack } from "./harness/stack.ts";
import { states } from "./states.ts";

let stack: Stack;
let browser: Browser;
let watched: Watched | undefined;

beforeAll(async () => {
  stack = await startStack();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});
afterEach(async () => {
  await stack.clearFaults();
  await watched?.close();
});

const screens = [
  { screen: "light", options: { colorScheme: "light" } },
  { screen: "dark", options: { colorScheme: "dark" } },
  { screen: "360 px, light", options: { colorScheme: "light", viewport: { width: 360, height: 740 } } },
  { screen: "360 px, dark", options: { colorScheme: "dark", viewport: { width: 360, height: 740 } } },
  { screen: "200 % zoom", options: { viewport: { width: 640, height: 430 }, deviceScaleFactor: 2 } },
] as const;

it("axe would see a fault", async () => {
  watched = await openPage(browser);
  await openCanvas(watched.page, stack.url);
  await watched.page.evaluate(() => document.body.append(document.createElement("img")));
  expect(await findings(watched.page)).toContainEqual(expect.stringMatching(/^image-alt /));
});

describe.each(screens)("$screen", ({ screen, options }) => {
  it.each(states)("$name", async ({ name, enter }) => {
    watched = await openPage(browser, { ...options, reducedMotion: "reduce" });
    await enter(watched.page, stack);
    await expectAccessible(watched.page, `${name}, ${screen}`);
    // Nothing is cut off at the side, and the page itself does not scroll sideways.
    const overflow = await watched.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    expect(watched.violations).toEqual([]);
    expect(watched.errors).toEqual([]);
  });
});
