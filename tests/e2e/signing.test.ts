/** A deployment with a signing key: from a block to a link that its page calls signed, and no other. */
import { generateKeyPairSync } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openHandoff } from "./handoff-states.ts";
import { launch, openPage } from "./harness/browser.ts";
import { blocks, inState, openCanvas, paletteButton } from "./harness/canvas.ts";
import { REQUIRED_SPACE, type Stack, startStack } from "./harness/stack.ts";

const key = { ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }), kid: "2026-a" };

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  stack = await startStack({ HANDOFF_SIGNING_KEY: JSON.stringify(key) });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

it("makes a signed link on the canvas, opens it as signed, and refuses it once changed", async () => {
  const { page, violations, errors, close } = await openPage(browser);
  await openCanvas(page, stack.url, REQUIRED_SPACE);
  await paletteButton(page).click();
  await inState(page, "ready");
  await blocks(page).getByTestId("block-pipeline").click();
  await page.getByTestId("pipeline-intent").fill("Events per customer and day, every morning before 7");
  await page.getByTestId("pipeline-make").click();
  const made = page.getByTestId("pipeline-link");
  await made.waitFor();
  expect(await made.getAttribute("data-unsigned")).toBeNull();
  const link = new URL(await page.getByTestId("pipeline-url").inputValue());
  expect(link.href).not.toContain(String(key.d));

  await openHandoff(page, stack.url, link.hash, "open");
  const card = page.getByTestId("signature");
  await expect.poll(() => card.getAttribute("data-trust")).toBe("valid");
  expect(await card.textContent()).toContain(`Signed by ${link.host}`);
  expect(await card.textContent()).toContain("2026-a");

  // The last character of the payload: what stands behind it is not signed.
  const [payload = "", ...rest] = link.hash.split("&");
  const damaged = `${payload.slice(0, -1)}${payload.endsWith("a") ? "b" : "a"}`;
  await openHandoff(page, stack.url, [damaged, ...rest].join("&"), "refused");
  expect(violations).toEqual([]);
  expect(errors).toEqual([]);
  await close();
});
