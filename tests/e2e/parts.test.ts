/** Parts of the review page that are loaded when they are wanted: before that, and when they cannot be had. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openContent } from "./handoff-states.ts";
import { completePlan, openDeployable, openReview, save } from "./harness/review.ts";
import { setStage, stack, watched } from "./harness/stage.ts";
import { payloadOf } from "./links.ts";

// A service worker would answer with the files that it keeps.
setStage({ profile: { serviceWorkers: "block" } });

/** Files of the build that the page itself has asked for, without their hashes. */
const asked = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.startsWith("/assets/"))
      .map((path) => path.replace(/^\/assets\/(.*)-[\w-]{8}\.(\w+)$/, "$1.$2")),
  );

it("a link that is opened loads what it shows, and nothing else", async () => {
  const { page } = watched;
  await openReview(page, stack.url);
  await completePlan(page);
  const files = await asked(page);
  for (const part of ["answers", "LinkContent", "panels", "Refused"]) {
    expect(files.filter((file) => file.startsWith(part))).toEqual([]);
  }
  await openContent(page);
  expect(await asked(page)).toContain("LinkContent.js");
  expect(await asked(page)).toContain("LinkContent.css");
});

it("what a press will show is loaded when the pointer or the focus comes near", async () => {
  const { page } = watched;
  await openReview(page, stack.url);
  await page.getByTestId("count").focus();
  await expect.poll(() => asked(page)).toContain("answers.js");
  await page.getByTestId("theme").hover();
  await expect.poll(() => asked(page)).toContain("panels.js");
});

it.each(["js", "css"])(
  "a part whose %s cannot be had says so, and is there after another try",
  async (kind) => {
    const { page } = watched;
    await openDeployable(page, stack.url);
    await page.route(`**/assets/answers-*.${kind}`, (route) => route.abort());
    await save(page);
    const button = page.getByTestId("deploy-button");
    await button.click();
    const missing = page.getByTestId("part-missing");
    await missing.first().waitFor();
    expect(await missing.first().textContent()).toContain("could not be loaded");
    await page.unroute(`**/assets/answers-*.${kind}`);
    await missing.first().getByRole("button").click();
    const dialog = page.getByTestId("confirm-deploy");
    await dialog.waitFor();
    // With its styles: they are of the same chunk.
    expect(await dialog.evaluate((element) => getComputedStyle(element).borderTopLeftRadius)).not.toBe("0px");
  },
);

it.each(["js", "css"])(
  "an editor whose %s cannot be had says so, and is there after another try",
  async (kind) => {
    const { page } = watched;
    await page.route(`**/assets/EditorCard-*.${kind}`, (route) => route.abort());
    await page.goto(`${stack.url}/handoff#context=${payloadOf()}`);
    const missing = page.getByTestId("editor").getByTestId("part-missing");
    await missing.waitFor();
    // What is missing is still led to, as near as can be.
    await page.getByRole("button", { name: "Go to the field: Name and owner, Owner" }).click();
    const near = page.getByTestId("editor");
    expect(await near.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.unroute(`**/assets/EditorCard-*.${kind}`);
    await missing.getByRole("button").click();
    await page.getByTestId("plan-groups").waitFor();
  },
);
