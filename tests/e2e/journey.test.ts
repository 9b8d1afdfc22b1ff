/** From an empty canvas to a result, the way people do it: with real key presses alone, and with one finger. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { launch, openPage } from "./harness/browser.ts";
import { blocks, boxOf, inState, paletteButton } from "./harness/canvas.ts";
import { REQUIRED_SPACE, type Stack, startStack } from "./harness/stack.ts";

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});
beforeEach(async () => {
  stack = await startStack();
  return () => stack.stop();
});

/** A way to use a page. Neither looks for shortcuts that a person does not have. */
interface Hands {
  readonly press: (target: Locator) => Promise<void>;
  /** Replaces what stands in a field. */
  readonly write: (target: Locator, text: string) => Promise<void>;
  readonly choose: (target: Locator, open: Locator) => Promise<void>;
  /** Leaves a dialog. */
  readonly leave: (page: Page) => Promise<void>;
}

/** Tab until it has the focus. A page may have many stops; going round once is enough for any of them. */
async function reach(target: Locator): Promise<void> {
  await target.waitFor();
  const page = target.page();
  for (let presses = 0; presses < 300; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${target}.`);
}

async function replace(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

const keyboard: Hands = {
  press: async (target) => {
    await reach(target);
    await target.page().keyboard.press("Enter");
  },
  write: async (target, text) => {
    await reach(target);
    await replace(target.page(), text);
  },
  choose: async (_target, open) => {
    // The search field has the focus; arrow keys go through what was found.
    const page = open.page();
    await page.keyboard.type("Customer");
    await open.waitFor();
    for (let presses = 0; presses < 20; presses += 1) {
      if ((await open.getAttribute("data-active")) !== null) break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
  },
  leave: (page) => page.keyboard.press("Escape"),
};

/** One finger. Scrolling is a gesture of the hand as well, and is left to the browser. */
async function tap(target: Locator): Promise<void> {
  await target.waitFor();
  await target.scrollIntoViewIfNeeded();
  // A finger waits until what it wants to hit stands still and lies open.
  let at = { x: Number.NaN, y: Number.NaN };
  await expect
    .poll(
      async () => {
        const { x, y, width, height } = await boxOf(target);
        const now = { x: x + width / 2, y: y + Math.min(height / 2, 20) };
        const still = now.x === at.x && now.y === at.y;
        at = now;
        return (
          still &&
          (await target.evaluate((element, point) => {
            const hit = document.elementFromPoint(point.x, point.y);
            return hit !== null && element.contains(hit);
          }, now))
        );
      },
      { timeout: 10_000, message: `${target} cannot be hit` },
    )
    .toBe(true);
  await target.page().touchscreen.tap(at.x, at.y);
}

const finger: Hands = {
  press: tap,
  write: async (target, text) => {
    await tap(target);
    await expect.poll(() => target.evaluate((element) => element === document.activeElement)).toBe(true);
    await replace(target.page(), text);
  },
  choose: async (target, open) => {
    await tap(target);
    await target.page().keyboard.type("Customer");
    await tap(open);
  },
  leave: (page) => tap(page.getByRole("dialog").getByRole("button", { name: "Close" })),
};

const conversation = "01f0eca4a1c81d3f9e7b2c6d5f8091aa";

/** What is written on the messages of the conversation. */
async function comments(): Promise<string[]> {
  const at = `/api/2.0/genie/spaces/${REQUIRED_SPACE}/conversations/${conversation}`;
  const { comments: found = [] } = JSON.parse(await stack.workspace(`${at}/list-comments?page_size=100`)) as {
    comments?: { content: string }[];
  };
  return found.map(({ content }) => content);
}

async function jobs(): Promise<string[]> {
  const answer = await stack.workspace("/api/2.2/jobs/list");
  return [...answer.matchAll(/"job_id":\s*(\d+)/g)].map(([, id]) => id ?? "");
}

it.each([
  ["by keyboard alone", keyboard, {}],
  ["with one finger", finger, { hasTouch: true, viewport: { width: 820, height: 1180 } }],
] as const)(
  "%s: from an empty canvas to a result that Genie knows",
  { timeout: 120_000 },
  async (_, hands, options) => {
    const watched = await openPage(browser, options);
    const { page } = watched;
    page.context().setDefaultTimeout(15_000);
    await page.goto(`${stack.url}/`);
    await page.getByTestId("empty-state").waitFor();
    expect(await comments()).toEqual([]);
    const before = await jobs();

    // A space, and a SQLPilot block that takes its links.
    await hands.press(paletteButton(page));
    await inState(page, "ready");
    const genie = blocks(page);
    await hands.press(genie.getByTestId("block-choose"));
    const search = genie.getByTestId("space-search");
    await search.waitFor();
    await hands.choose(
      search,
      page.locator(`[data-testid="space-option"][data-space-id="${REQUIRED_SPACE}"]`),
    );
    await page
      .locator(`[data-testid="genie-block"][data-space-id="${REQUIRED_SPACE}"][data-state="ready"]`)
      .waitFor();
    await hands.press(page.getByTestId("palette-pilot"));
    const pilot = page.getByTestId("pilot-block");
    await hands.press(pilot.getByTestId("connect"));
    await pilot.getByTestId("pilot-from").waitFor();

    // The conversation with the intent, and the link.
    await hands.press(pilot.getByTestId("pilot-from").getByRole("button").first());
    await hands.press(blocks(page).getByTestId("conversations-toggle"));
    await hands.press(genie.getByTestId("conversation").filter({ hasText: "Customer events per day" }));
    await hands.press(genie.getByTestId("message-pipeline"));
    await hands.press(page.getByTestId("pipeline-make"));
    await page.getByTestId("pipeline-link").waitFor();
    await hands.leave(page);
    await inState(page, "linked", pilot);
    const list = page.getByTestId("block-list");
    if (!(await list.isVisible())) await hands.press(page.getByTestId("list-toggle"));
    await hands.press(list.getByTestId("list-item").nth(1));
    if (hands === finger) await hands.press(list.getByRole("button", { name: "Close" }));
    const opened = page.context().waitForEvent("page");
    await hands.press(pilot.getByTestId("pilot-review"));

    // The plan.
    const review = await opened;
    await review.locator('[data-testid="pattern"][data-suggestion="suggested"]').waitFor();
    await hands.press(review.getByTestId("group-about").locator("summary"));
    await hands.write(review.getByTestId("group-about").getByLabel("Owner"), "ada@example.com");
    await edit(review, hands);
    await review.locator('[data-testid="review"][data-valid="true"]').waitFor();

    // Saved, counted, deployed, run.
    await hands.press(review.getByTestId("save"));
    await review.locator('[data-testid="review"][data-saved="true"]').waitFor();
    await hands.press(review.getByTestId("count"));
    await review.locator('[data-testid="counts"][data-state="done"]').waitFor();
    await hands.press(review.getByTestId("deploy-button"));
    await hands.press(review.getByTestId("confirm"));
    await review.getByTestId("deployment").waitFor();
    const job = await review.getByTestId("job-id").textContent();
    expect(await jobs()).toEqual(expect.arrayContaining([...before, job]));
    await hands.press(review.getByTestId("run-now"));
    await review.locator('[data-testid="run"][data-state="succeeded"]').waitFor();
    await expect
      .poll(() => review.getByTestId("run").textContent(), { timeout: 20_000 })
      .toContain("The result was noted on the Genie message.");
    expect(await comments()).toEqual([
      expect.stringMatching(/loaded prod_catalog\.curated\.customer_daily[\s\S]*\(genie-handoff run \d+\)$/),
    ]);

    expect(watched.violations).toEqual([]);
    expect(watched.errors).toEqual([]);
    await watched.close();
  },
);

/** Settles what is open: how rows are written, where to, and on which warehouse. */
async function edit(page: Page, hands: Hands): Promise<void> {
  const pattern = page.getByTestId("pattern");
  if ((await pattern.getAttribute("data-pattern")) !== "FULL_REPLACE") {
    const others = pattern.locator("details").last();
    if ((await others.getAttribute("open")) === null) await hands.press(others.locator("summary"));
    await hands.press(others.locator('[data-pattern="FULL_REPLACE"]').getByRole("button"));
  }
  await hands.press(page.getByTestId("group-target").locator("summary"));
  const target = page.getByTestId("group-target");
  for (const [label, text] of [
    ["Catalog", "prod_catalog"],
    ["Schema", "curated"],
    ["Table", "customer_daily"],
  ] as const)
    await hands.write(target.getByLabel(label, { exact: true }), text);
  await hands.press(page.getByTestId("group-execution").locator("summary"));
  await hands.write(page.getByTestId("group-execution").getByLabel("Warehouse id"), "4b9b953939869799");
}
