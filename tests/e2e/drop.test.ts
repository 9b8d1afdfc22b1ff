import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launch, openPage, type Watched } from "./harness/browser.ts";
import {
  blocks,
  boxOf,
  inState,
  middleOfCanvas,
  openCanvas,
  paletteButton,
  tabTo,
} from "./harness/canvas.ts";
import { REQUIRED_SPACE, type Stack, startStack } from "./harness/stack.ts";

let stack: Stack;
let browser: Browser;
const pages: Watched[] = [];

beforeAll(async () => {
  stack = await startStack();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});
afterEach(async () => {
  for (const watched of pages.splice(0)) {
    expect(watched.violations).toEqual([]);
    expect(watched.errors).toEqual([]);
    await watched.close();
  }
});

async function open(options: Parameters<typeof openPage>[1] = {}): Promise<Watched> {
  const watched = await openPage(browser, options);
  pages.push(watched);
  return watched;
}

/** The block shows what the worker says, and the worker says what the workspace does. */
async function expectRequiredSpace(watched: Watched): Promise<void> {
  const { page } = watched;
  const block = await inState(page, "ready");
  expect(await block.getAttribute("data-space-id")).toBe(REQUIRED_SPACE);
  const answer = await fetch(`${stack.url}/api/genie/get?space_id=${REQUIRED_SPACE}`);
  const space = (await answer.json()) as Record<string, unknown> & { table_identifiers: string[] };
  const upstream = await fetch(`${stack.emulatorUrl}/api/2.0/data-rooms/${REQUIRED_SPACE}`, {
    headers: { authorization: "Bearer emulator-token" },
  });
  expect(await upstream.json()).toMatchObject({
    display_name: space.display_name,
    description: space.description,
    warehouse_id: space.warehouse_id,
    table_identifiers: space.table_identifiers,
  });

  expect(space.table_identifiers).toEqual(
    expect.arrayContaining(["prod_catalog.raw.customer_events", "prod_catalog.curated.customer_daily"]),
  );
  expect(await block.getByTestId("block-title").textContent()).toBe(space.display_name);
  expect(await block.getByTestId("block-description").textContent()).toBe(space.description);
  expect(await block.getByTestId("block-warehouse").textContent()).toBe(space.warehouse_id);
  const shown = await block
    .getByTestId("block-table")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-table")));
  expect(shown.sort()).toEqual([...space.table_identifiers].sort());
}

describe("a Genie block arrives on the canvas", () => {
  it("dropped with the mouse, where it was released", async () => {
    const watched = await open();
    const { page } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    const from = await boxOf(paletteButton(page));
    const to = await middleOfCanvas(page);
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x - 40, to.y, { steps: 8 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    expect(await blocks(page).count()).toBe(0);
    await page.mouse.up();
    await expectRequiredSpace(watched);
    expect(await blocks(page).count()).toBe(1);
    const box = await boxOf(blocks(page));
    expect(to.x).toBeGreaterThan(box.x);
    expect(to.x).toBeLessThan(box.x + box.width);
    expect(to.y).toBeGreaterThan(box.y);
    expect(to.y).toBeLessThan(box.y + box.height);
  });

  it("dropped with a finger, on a small screen", async () => {
    const watched = await open({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
    const { page } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    const from = await boxOf(paletteButton(page));
    const to = await middleOfCanvas(page);
    // Playwright has taps only; a drag is made of the same events that a finger gives.
    const finger = await page.context().newCDPSession(page);
    const point = (part: number) => ({
      x: from.x + from.width / 2 + (to.x - from.x - from.width / 2) * part,
      y: from.y + from.height / 2 + (to.y - from.y - from.height / 2) * part,
    });
    await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point(0)] });
    for (let part = 0.1; part <= 1; part += 0.1) {
      await finger.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [point(part)] });
    }
    expect(await blocks(page).count()).toBe(0);
    await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await expectRequiredSpace(watched);
    expect(await blocks(page).count()).toBe(1);
  });

  it("added with a tap", async () => {
    const watched = await open({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
    const { page } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await paletteButton(page).tap();
    await expectRequiredSpace(watched);
    expect(await blocks(page).count()).toBe(1);
  });

  it("added with the keyboard alone, and gets the focus", async () => {
    const watched = await open();
    const { page } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await tabTo(page, paletteButton(page));
    await page.keyboard.press("Enter");
    await expectRequiredSpace(watched);
    const focused = await page.evaluate(() => {
      const active = document.activeElement;
      return active?.closest(".react-flow__node")?.querySelector("[data-testid='genie-block']") != null;
    });
    expect(focused).toBe(true);
    // The block is a thing with the name of its space to a screen reader.
    const name = (await blocks(page).getByTestId("block-title").textContent()) ?? "";
    await page.getByRole("group", { name }).waitFor();
  });

  it("not at all when it is released outside, or the drag is given up", async () => {
    const { page } = await open();
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    const from = await boxOf(paletteButton(page));
    const to = await middleOfCanvas(page);
    const grab = async () => {
      await page.mouse.move(from.x + 10, from.y + 10);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 5 });
    };
    await grab();
    await page.mouse.move(from.x + 20, from.y + 20, { steps: 5 });
    await page.mouse.up();
    await grab();
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await page
      .getByText(/Nothing was added/)
      .first()
      .waitFor({ state: "attached" });
    expect(await blocks(page).count()).toBe(0);
  });
});

describe("without a space in the address", () => {
  it("a new block shows the first space of the workspace, and says so", async () => {
    const { page } = await open();
    await openCanvas(page, stack.url);
    await paletteButton(page).click();
    const block = await inState(page, "ready");
    const list = (await (await fetch(`${stack.url}/api/genie/spaces?page_size=1`)).json()) as {
      spaces: { space_id: string; display_name: string }[];
    };
    const [first] = list.spaces;
    expect(await block.getAttribute("data-space-id")).toBe(first?.space_id);
    expect(await block.getByTestId("block-title").textContent()).toBe(first?.display_name);
    expect(await block.getByTestId("block-origin").textContent()).toContain("First space of the workspace");
  });
});
