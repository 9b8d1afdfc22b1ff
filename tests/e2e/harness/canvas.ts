/** The canvas page in the words of a person. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

export const blocks = (page: Page): Locator => page.getByTestId("genie-block");
export const paletteButton = (page: Page): Locator =>
  page.getByRole("button", { name: "Genie block", exact: true });

/** Opens the canvas; `space` is the space that new blocks start with. */
export async function openCanvas(page: Page, url: string, space?: string): Promise<void> {
  await page.goto(space === undefined ? `${url}/` : `${url}/?space=${space}`);
  await paletteButton(page).waitFor();
  // The page has heard from its server.
  await page.getByTestId("emulator-badge").waitFor();
}

/** Waits until the only block, or the one given, is in this state. */
export async function inState(page: Page, state: string, block: Locator = blocks(page)): Promise<Locator> {
  const wanted = block.and(page.locator(`[data-state="${state}"]`));
  await wanted.waitFor({ timeout: 15_000 }).catch(async (error: unknown) => {
    const now = await block.evaluateAll((all) => all.map((one) => one.getAttribute("data-state")));
    throw new Error(`No block came to be "${state}"; they are ${JSON.stringify(now)}.`, { cause: error });
  });
  return wanted;
}

/** Middle of the canvas, in window coordinates. */
export async function middleOfCanvas(page: Page): Promise<{ x: number; y: number }> {
  const box = await boxOf(page.locator(".surface"));
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export async function boxOf(
  locator: Locator,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("The element is not on the page.");
  return box;
}

/** Presses Tab until this has the focus, as somebody without a mouse would. */
export async function tabTo(page: Page, target: Locator, limit = 40): Promise<void> {
  for (let presses = 0; presses < limit; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${limit} presses of Tab did not reach ${target}.`);
}

/** What axe finds, by every rule of WCAG 2.2 A and AA and its best practices. */
export async function findings(page: Page): Promise<string[]> {
  // Contrast is only what it will be once everything has faded in.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`);
    return `${id} (${help}): ${where.join("; ")}`;
  });
}

export async function expectAccessible(page: Page, what: string): Promise<void> {
  expect(await findings(page), what).toEqual([]);
}
