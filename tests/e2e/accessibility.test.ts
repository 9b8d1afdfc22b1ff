import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { handoffStates } from "./handoff-states.ts";
import { launch, openPage, type Watched } from "./harness/browser.ts";
import { expectAccessible, findings, openCanvas } from "./harness/canvas.ts";
import { type Stack, startStack } from "./harness/stack.ts";
import { planStates } from "./plan-states.ts";
import { reviewStates } from "./review-states.ts";
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

/** What lies beside the screen where nobody gets to. Blocks are left out: the canvas under them can be moved. */
function outOfReach(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = [...document.querySelectorAll("button, input, a[href]")]
      .filter((element) => element.checkVisibility() && element.closest(".react-flow__viewport") === null)
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > window.innerWidth + 1;
      })
      .map((element) => element.outerHTML.slice(0, 200));
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [...found, "the page scrolls sideways"] : found;
  });
}

const screens = [
  { screen: "light and dark", options: {}, schemes: ["light", "dark"] },
  // Colours do not depend on the width: light and dark are seen above.
  { screen: "360 px", options: { viewport: { width: 360, height: 740 } }, schemes: ["light"] },
  {
    screen: "200 % zoom",
    options: { viewport: { width: 640, height: 430 }, deviceScaleFactor: 2 },
    schemes: ["light"],
  },
] as const;

it("axe would see a fault", async () => {
  watched = await openPage(browser);
  await openCanvas(watched.page, stack.url);
  await watched.page.evaluate(() => document.body.append(document.createElement("img")));
  expect(await findings(watched.page)).toContainEqual(expect.stringMatching(/^image-alt /));
});

describe.each(screens)("$screen", ({ screen, options, schemes }) => {
  it.each([...states, ...handoffStates, ...planStates, ...reviewStates])("$name", async ({ name, enter }) => {
    watched = await openPage(browser, { ...options, colorScheme: schemes[0], reducedMotion: "reduce" });
    await enter(watched.page, stack);
    for (const colorScheme of schemes) {
      await watched.page.emulateMedia({ colorScheme });
      await expectAccessible(watched.page, `${name}, ${screen}, ${colorScheme}`);
    }
    expect(await outOfReach(watched.page)).toEqual([]);
    expect(watched.violations).toEqual([]);
    expect(watched.errors).toEqual([]);
  });
});
