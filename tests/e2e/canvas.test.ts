import { describe, expect, it } from "vitest";
import { blocks, boxOf, inState, openCanvas, paletteButton, tabTo } from "./harness/canvas.ts";
import { REQUIRED_SPACE } from "./harness/stack.ts";
import { page, setStage, stack, watched } from "./harness/stage.ts";

setStage({ begin: () => openCanvas(page, stack.url, REQUIRED_SPACE) });

const count = () => blocks(page).count();
const undo = () => page.keyboard.press("ControlOrMeta+z");
const redo = () => page.keyboard.press("ControlOrMeta+Shift+z");
/** Other spaces of the workspace, as its list gives them. */
async function otherSpaces(): Promise<{ space_id: string; display_name: string }[]> {
  const answer = await fetch(`${stack.url}/api/genie/spaces?page_size=100`);
  const { spaces } = (await answer.json()) as { spaces: { space_id: string; display_name: string }[] };
  return spaces.filter(({ space_id, display_name }) => space_id !== REQUIRED_SPACE && display_name);
}

async function addBlock(): Promise<void> {
  const before = await count();
  await paletteButton(page).click();
  await expect.poll(count).toBe(before + 1);
  await inState(page, "ready", blocks(page).last());
}

describe("undo and redo", () => {
  it("take back one intent at a time, with keys and with buttons alike", async () => {
    await addBlock();
    await addBlock();
    await undo();
    await expect.poll(count).toBe(1);
    await page.getByRole("button", { name: /^Undo/ }).click();
    await expect.poll(count).toBe(0);
    expect(await page.getByRole("button", { name: /^Undo/ }).isDisabled()).toBe(true);
    await redo();
    await expect.poll(count).toBe(1);
    await page.getByRole("button", { name: /^Redo/ }).click();
    await expect.poll(count).toBe(2);
    await inState(page, "ready", blocks(page).last());
  });

  it("a move is one step, however long the drag was", async () => {
    await addBlock();
    const place = async () => {
      const { x, y } = await boxOf(blocks(page));
      return { x: Math.round(x), y: Math.round(y) };
    };
    const start = await place();
    const title = await boxOf(blocks(page).getByTestId("block-title"));
    await page.mouse.move(title.x + 10, title.y + 8);
    await page.mouse.down();
    await page.mouse.move(title.x - 150, title.y + 40, { steps: 12 });
    await page.mouse.up();
    await expect.poll(place).not.toEqual(start);
    await undo();
    await expect.poll(place).toEqual(start);
    expect(await count()).toBe(1);
  });

  it("survive autosave and reload", async () => {
    await addBlock();
    await addBlock();
    await page.getByText("Saved in this browser").first().waitFor();
    await page.reload();
    await expect.poll(count).toBe(2);
    await undo();
    await expect.poll(count).toBe(1);
    await redo();
    await expect.poll(count).toBe(2);
  });
});

describe("deleting", () => {
  it("by key moves the focus to a neighbour and can be undone", async () => {
    await addBlock();
    await addBlock();
    await page.locator(".react-flow__node").last().focus();
    await page.keyboard.press("Delete");
    await expect.poll(count).toBe(1);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest(".react-flow__node") !== null))
      .toBe(true);
    await undo();
    await expect.poll(count).toBe(2);
  });

  it("by button, too", async () => {
    await addBlock();
    await blocks(page).getByTestId("block-delete").click();
    await expect.poll(count).toBe(0);
    // Never to nowhere: the next key press must mean something.
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  });
});

describe("keeping", () => {
  it("a reload brings the blocks back, in place and with their spaces", async () => {
    await addBlock();
    // Where the block is on the canvas; what part of the canvas is in view is another matter.
    const place = () =>
      page.locator(".react-flow__node").evaluate((node: HTMLElement) => node.style.transform);
    const before = await place();
    expect(before).toContain("translate");
    await page.getByText("Saved in this browser").first().waitFor();
    // Without ?space=: what is restored comes from the browser alone.
    await page.goto(stack.url);
    await inState(page, "ready");
    expect(await blocks(page).getAttribute("data-space-id")).toBe(REQUIRED_SPACE);
    expect(await place()).toBe(before);
  });

  it("keeps ids and places, and nothing that the server said", async () => {
    await addBlock();
    await page.getByText("Saved in this browser").first().waitFor();
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(kept).toContain(REQUIRED_SPACE);
    expect(kept).not.toContain("customer_events");
    expect(kept).not.toContain("warehouse");
  });
});

describe("pointing a block to another space", () => {
  it("by searching the list with the keyboard alone", async () => {
    await addBlock();
    const [target] = await otherSpaces();
    if (target === undefined) throw new Error("The workspace has only one space.");
    await tabTo(page, blocks(page).getByTestId("block-choose"), 60);
    await page.keyboard.press("Enter");
    const search = page.getByRole("combobox");
    await search.waitFor();
    expect(await search.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type(target.display_name);
    await page.locator(`[data-testid="space-option"][data-space-id="${target.space_id}"]`).waitFor();
    const options = await page.getByRole("option").count();
    expect(options).toBeGreaterThan(0);
    // Arrow down until it is the active one.
    for (let press = 0; press < options; press += 1) {
      const active = await search.getAttribute("aria-activedescendant");
      const id = await page.locator(`[id="${active}"]`).getAttribute("data-space-id");
      if (id === target.space_id) break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    const block = await inState(page, "ready");
    expect(await block.getAttribute("data-space-id")).toBe(target.space_id);
    expect(await block.getByTestId("block-title").textContent()).toBe(target.display_name);
    await undo();
    await expect.poll(() => blocks(page).getAttribute("data-space-id")).toBe(REQUIRED_SPACE);
  });

  it("by pasting a link from Databricks, which is read by WebAssembly", async () => {
    await addBlock();
    const [, target] = await otherSpaces();
    if (target === undefined) throw new Error("The workspace has fewer than three spaces.");
    await blocks(page).getByTestId("block-choose").click();
    await page
      .getByRole("combobox")
      .fill(`https://dbc-1.cloud.databricks.com/genie/rooms/${target.space_id}?o=42`);
    await page.locator(`[data-testid="space-option"][data-space-id="${target.space_id}"]`).click();
    const block = await inState(page, "ready");
    expect(await block.getAttribute("data-space-id")).toBe(target.space_id);
    expect(watched.calls.some(({ url, status }) => url.endsWith(".wasm") && status === 200)).toBe(true);
  });

  it("a link that is none is refused with the reason, and Escape leaves everything as it was", async () => {
    await addBlock();
    await blocks(page).getByTestId("block-choose").click();
    await page.getByRole("combobox").fill("https://dbc-1.cloud.databricks.com/genie/rooms/01f0");
    await page
      .getByTestId("space-chooser")
      .getByText(/neither|damaged|not a/i)
      .first()
      .waitFor();
    expect(await page.getByRole("option").count()).toBe(0);
    await page.keyboard.press("Escape");
    await inState(page, "ready");
    expect(await blocks(page).getAttribute("data-space-id")).toBe(REQUIRED_SPACE);
  });
});
