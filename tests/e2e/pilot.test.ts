import { describe, expect, it } from "vitest";
import { blocks, boxOf, expectAccessible, inState, openCanvas, paletteButton } from "./harness/canvas.ts";
import { choosePattern } from "./harness/review.ts";
import { REQUIRED_SPACE } from "./harness/stack.ts";
import { setStage, stack, watched } from "./harness/stage.ts";
import { context, payloadOf } from "./links.ts";

setStage();

const pilot = () => watched.page.getByTestId("pilot-block");
const link = () => `${stack.url}/handoff#context=${payloadOf()}`;

async function addPilot() {
  const { page } = watched;
  await page.getByRole("button", { name: "SQLPilot block", exact: true }).click();
  await inState(page, "unlinked", pilot());
}

async function paste(text: string) {
  await pilot().getByTestId("pilot-paste").fill(text);
  await pilot().getByTestId("pilot-take").click();
}

describe("a SQLPilot block", () => {
  it("takes a pasted link, says who vouches for it, opens the review, and then carries the plan's name", async () => {
    const { page } = watched;
    await openCanvas(page, stack.url);
    await addPilot();
    await paste("");
    expect(await pilot().textContent()).toContain("Paste a link first.");
    await paste(link());
    await inState(page, "linked", pilot());
    expect(await pilot().getByTestId("pilot-intent").textContent()).toBe(context.user_intent);
    expect(await pilot().getByTestId("pilot-trust").getAttribute("data-trust")).toBe("unsigned");
    expect(await page.getByTestId("list-item").textContent()).toContain("Waste per shop and day");
    const [review] = await Promise.all([
      page.context().waitForEvent("page"),
      pilot().getByTestId("pilot-review").click(),
    ]);
    await review.getByTestId("review").waitFor();
    await choosePattern(review, "FULL_REPLACE");
    await review.getByTestId("group-about").locator("summary").click();
    await review.getByTestId("group-about").getByLabel("Name", { exact: true }).fill("waste_daily");
    await expect.poll(() => pilot().getByTestId("pilot-plan").textContent()).toBe("waste_daily");
    expect(await pilot().getByTestId("block-title").textContent()).toBe("waste_daily");
    await review.close();
  });

  it("shows nothing of a link that is damaged, and can take another", async () => {
    const { page } = watched;
    await openCanvas(page, stack.url);
    await addPilot();
    await paste(link().replace(/....$/, ""));
    await inState(page, "error", pilot());
    expect(await pilot().textContent()).not.toContain("Waste per shop");
    await pilot().getByTestId("pilot-another").click();
    await inState(page, "unlinked", pilot());
    await paste(link());
    await inState(page, "linked", pilot());
  });

  it("is connected without dragging, gets the link that is made, and survives undo, redo and a reload", async () => {
    const { page } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await paletteButton(page).click();
    const block = await inState(page, "ready");
    await addPilot();
    await block.getByTestId("connect-toggle").click();
    await block.getByTestId("connect").click();
    await pilot().getByTestId("pilot-from").waitFor();
    await page.locator(".react-flow__edge").waitFor({ state: "attached" });
    await expectAccessible(page, "a connection");

    await block.getByTestId("block-pipeline").click();
    await page.getByTestId("pipeline-intent").fill("Events per day, every morning");
    await page.getByTestId("pipeline-make").click();
    await page.getByTestId("pipeline-link").waitFor();
    await page.keyboard.press("Escape");
    await inState(page, "linked", pilot());
    expect(await pilot().getByTestId("pilot-intent").textContent()).toBe("Events per day, every morning");

    await page.getByTestId("undo").click();
    await inState(page, "unlinked", pilot());
    await page.getByTestId("undo").click();
    expect(await page.locator(".react-flow__edge").count()).toBe(0);
    await page.getByTestId("redo").click();
    await page.getByTestId("redo").click();
    await inState(page, "linked", pilot());
    await page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
    await page.reload();
    await inState(page, "linked", pilot());
    // Without the Genie block the link stays.
    await blocks(page).getByTestId("block-delete").click();
    await pilot().getByTestId("pilot-from").waitFor({ state: "detached" });
    await inState(page, "linked", pilot());
  });

  it("is connected by dragging an edge from a Genie block, and by dragging itself out of the palette", async () => {
    const { page } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    const item = await boxOf(page.getByTestId("palette-pilot"));
    const surface = await boxOf(page.locator(".surface"));
    await page.mouse.move(item.x + 20, item.y + 20);
    await page.mouse.down();
    await page.mouse.move(surface.x + 600, surface.y + 160, { steps: 5 });
    await page.mouse.up();
    await inState(page, "unlinked", pilot());
    await page.mouse.move(...(await middle(paletteButton(page))));
    await page.mouse.down();
    await page.mouse.move(surface.x + 180, surface.y + 120, { steps: 5 });
    await page.mouse.up();
    await inState(page, "ready");
    await page.mouse.move(...(await middle(blocks(page).locator(".react-flow__handle"))));
    await page.mouse.down();
    await page.mouse.move(...(await middle(pilot().locator(".react-flow__handle"))), { steps: 8 });
    await page.mouse.up();
    await pilot().getByTestId("pilot-from").waitFor();
    expect(await page.locator(".react-flow__edge").count()).toBe(1);
    await pilot().getByTestId("pilot-disconnect").click();
    await pilot().getByTestId("pilot-from").waitFor({ state: "detached" });
  });
});

async function middle(locator: Parameters<typeof boxOf>[0]): Promise<[number, number]> {
  const { x, y, width, height } = await boxOf(locator);
  return [x + width / 2, y + height / 2];
}

describe("a handoff that the server keeps", () => {
  async function kept(): Promise<string> {
    const answer = await fetch(`${stack.url}/api/handoffs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ space_id: REQUIRED_SPACE, user_intent: "Events per hour, each night" }),
    });
    expect([200, 201]).toContain(answer.status);
    return ((await answer.json()) as { handoff_id: string }).handoff_id;
  }

  it("opens by its id, also in a SQLPilot block", async () => {
    const { page } = watched;
    const id = await kept();
    await page.goto(`${stack.url}/h/${id}`);
    await page.getByTestId("review").waitFor();
    expect(await page.getByTestId("handoff").textContent()).toContain("Events per hour, each night");
    await openCanvas(page, stack.url);
    await addPilot();
    await paste(`${stack.url}/h/${id}`);
    await inState(page, "linked", pilot());
    expect(await pilot().getByTestId("pilot-trust").getAttribute("data-trust")).toBe("stored");
    expect(await pilot().getByTestId("pilot-review").getAttribute("href")).toBe(`/h/${id}`);
  });

  it("that is not there says so", async () => {
    const { page } = watched;
    await page.goto(`${stack.url}/h/${"z".repeat(20)}`);
    const refused = page.getByTestId("refused");
    await refused.waitFor();
    expect(await refused.textContent()).toContain("There is no such handoff");
    await expectAccessible(page, "an unknown handoff");
  });

  it("is asked for again when the server was away", async () => {
    const { page } = watched;
    const id = await kept();
    const away = `**/api/handoffs/${id}`;
    await page.route(away, (route) => route.abort());
    await page.goto(`${stack.url}/h/${id}`);
    const unread = page.getByTestId("unread");
    await unread.waitFor();
    await expectAccessible(page, "the server is away");
    await page.unroute(away);
    await unread.getByTestId("retry").click();
    await page.getByTestId("review").waitFor();
  });
});
