/** What nearly every file of tests stands on: the chain behind the page, one browser, and a page that watches itself. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { launch, openPage, type Watched } from "./browser.ts";
import { type Stack, startStack } from "./stack.ts";

// Bindings that are alive: a file imports them and finds in them what its hooks have made.
export let stack: Stack;
export let browser: Browser;
/** The page of the test that runs, with what went wrong in it. */
export let watched: Watched;
/** The same without what went wrong. */
export let page: Page;

export interface Stage {
  /** Settings of the worker. */
  readonly bindings?: Record<string, string>;
  /** The emulator has faults: each test begins without any, and with no request remembered. */
  readonly faults?: boolean;
  /** What the browser is, beside a fresh profile. */
  readonly profile?: BrowserContextOptions;
  /** What each test begins with, on its fresh page. */
  readonly begin?: () => Promise<void>;
}

/** Sets the stage for all tests of a file. A test fails when its page broke a policy or reported an error. */
export function setStage({ bindings, faults = false, profile, begin }: Stage = {}): void {
  beforeAll(async () => {
    stack = await startStack(bindings);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  beforeEach(async () => {
    if (faults) {
      await stack.clearFaults();
      await stack.forgetRequests();
    }
    watched = await openPage(browser, profile);
    page = watched.page;
    await begin?.();
  });
  afterEach(async () => {
    expect(watched.violations).toEqual([]);
    expect(watched.errors).toEqual([]);
    await watched.close();
  });
}
