import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { blocks, expectAccessible, inState, openCanvas, paletteButton } from "./harness/canvas.ts";
import { REQUIRED_SPACE } from "./harness/stack.ts";
import { page, setStage, stack, watched } from "./harness/stage.ts";

const TOKEN = "a-token-of-the-browser-tests";

setStage({
  bindings: { API_TOKENS: `e2e:${createHash("sha256").update(TOKEN).digest("hex")}` },
  begin: () => openCanvas(page, stack.url, REQUIRED_SPACE),
});

async function enterToken(token: string): Promise<void> {
  const input = page.getByTestId("token-input");
  if (!(await input.isVisible())) await page.getByTestId("token-button").click();
  await input.fill(token);
  await page.getByTestId("token-save").click();
}

describe("a server that asks who calls", () => {
  it("says that a token is needed, takes it, and reads the block again", async () => {
    await paletteButton(page).click();
    const refused = await inState(page, "error");
    expect(await refused.textContent()).toContain("The server did not let this page in.");
    await expectAccessible(page, "a token is needed");
    await page.getByTestId("token-button").click();
    await expectAccessible(page, "the form for the token");
    await enterToken(TOKEN);
    await inState(page, "ready");
    expect(await blocks(page).getAttribute("data-space-id")).toBe(REQUIRED_SPACE);
  });

  it("a wrong token is refused, and the page does not say which", async () => {
    await enterToken("not-the-token");
    await paletteButton(page).click();
    const refused = await inState(page, "error");
    const words = (await page.locator("body").textContent()) ?? "";
    expect(words).not.toContain("not-the-token");
    expect(await refused.textContent()).toContain("401");
  });

  it("the token stays in this tab: not in the canvas, the page, an address, or after the tab is closed", async () => {
    await enterToken(TOKEN);
    await paletteButton(page).click();
    await inState(page, "ready");
    await page.getByText("Saved in this browser").first().waitFor();
    const kept = await page.evaluate(() => ({
      local: JSON.stringify({ ...localStorage }),
      page: document.documentElement.outerHTML,
    }));
    expect(kept.local).toContain(REQUIRED_SPACE);
    expect(kept.local).not.toContain(TOKEN);
    expect(kept.page).not.toContain(TOKEN);
    expect(watched.calls.filter(({ url }) => url.includes(TOKEN))).toEqual([]);

    await page.reload();
    await inState(page, "ready");

    const other = await page.context().newPage();
    await openCanvas(other, stack.url);
    const block = await inState(other, "error");
    expect(await block.textContent()).toContain("401");
    await other.close();
  });
});
