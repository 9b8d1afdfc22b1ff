import { describe, expect, it } from "vitest";
import { expectAccessible, inState, openCanvas, paletteButton } from "./harness/canvas.ts";
import { REQUIRED_SPACE } from "./harness/stack.ts";
import { setStage, stack, watched } from "./harness/stage.ts";

setStage({ faults: true });

async function openConversations() {
  const { page } = watched;
  await openCanvas(page, stack.url, REQUIRED_SPACE);
  await paletteButton(page).click();
  const block = await inState(page, "ready");
  await block.getByTestId("conversations-toggle").click();
  return { page, block };
}

describe("conversations of a space", () => {
  it("are read when somebody asks for them, each message with its state in words", async () => {
    const { page, block } = await openConversations();
    const open = async (title: string) => {
      await block.getByTestId("conversation").filter({ hasText: title }).click();
      await block.locator('[data-testid="messages"][data-state="done"]').waitFor();
    };
    const words = async (status: string) =>
      block.locator(`[data-testid="message"][data-status="${status}"]`).first().textContent();
    await open("Customer events per day");
    expect(await words("COMPLETED")).toContain("Answer ready");
    expect(await words("CANCELLED")).toContain("Stopped before an answer");
    expect(await words("FAILED")).toMatch(/Genie could not answer|You need more rights/);
    // Offered where something is wanted for ever, and only there.
    expect(await block.getByTestId("message-pipeline").count()).toBe(1);
    await expectAccessible(page, "messages");
    await block.getByRole("button", { name: "All conversations" }).click();
    await open("Events per hour");
    expect(await words("EXECUTING_QUERY")).toContain("the SQL may still change");
    expect(await words("ASKING_AI")).toContain("Writing the SQL");
  });

  it("offer a pipeline on the message that asks for one, show what stays here, and lead to the review", async () => {
    const { page, block } = await openConversations();
    await block.getByTestId("conversation").filter({ hasText: "Customer events per day" }).click();
    await block.getByTestId("message-pipeline").click();
    const dialog = page.getByTestId("pipeline");
    expect(await dialog.getByTestId("pipeline-intent").inputValue()).toBe(
      "I want to load new customer events daily into curated.customer_daily",
    );
    const queries = dialog.getByTestId("travels-queries");
    await queries.locator("summary").click();
    const struck = () => queries.locator("del").allTextContents();
    await expect.poll(struck).toContainEqual(expect.stringContaining("literal-canary"));
    // The query itself travels, and is not struck out with its values.
    expect((await struck()).join(" ")).not.toMatch(/SELECT|customer_events/);
    await expectAccessible(page, "what travels of a conversation");
    await dialog.getByTestId("pipeline-make").click();
    await page.getByTestId("pipeline-link").waitFor();
    const [opened] = await Promise.all([
      page.context().waitForEvent("page"),
      page.getByTestId("pipeline-open").click(),
    ]);
    await opened.getByTestId("review").waitFor();
    const handoff = await opened.getByTestId("handoff").textContent();
    expect(handoff).toContain("01f0eca4a1c81d3f9e7b2c6d5f8091aa");
    expect(handoff).not.toContain("literal-canary");
    await opened.close();
  });

  it("say what failed and are read again when asked", async () => {
    await stack.fault({
      match: { path_prefix: `/api/2.0/genie/spaces/${REQUIRED_SPACE}/conversations` },
      fault: { kind: "status", status: 403 },
      times: 4,
    });
    const { block } = await openConversations();
    await block.locator('[data-testid="conversations"][data-state="failed"]').waitFor();
    await stack.clearFaults();
    await block.getByTestId("conversations").getByRole("button", { name: "Try again" }).click();
    await block.getByTestId("conversation").first().waitFor();
  });
});
