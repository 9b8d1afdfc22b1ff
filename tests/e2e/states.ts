/** Every state of the canvas page, for whoever wants to look at all of them: axe and the screenshots. */
import type { Locator, Page } from "playwright-core";
import { blocks, inState, openCanvas, paletteButton } from "./harness/canvas.ts";
import { REQUIRED_SPACE, type Stack } from "./harness/stack.ts";
import { payloadOf } from "./links.ts";

/** Ids that no workspace has and that nothing else asks for, so that no answer to them is remembered. */
const unknown = (last: string) => `${"e".repeat(31)}${last}`;

export interface State {
  readonly name: string;
  /** Brings a fresh page into the state. */
  readonly enter: (page: Page, stack: Stack) => Promise<void>;
}

/** A message in every state that Genie names, and in one that it may name some day. */
async function routeMessages(page: Page): Promise<void> {
  const failed = (type: string, error: string) => ({ status: "FAILED", error: { type, error } });
  const states = [
    { status: "FILTERING_CONTEXT" },
    { status: "ASKING_AI" },
    { status: "PENDING_WAREHOUSE" },
    { status: "EXECUTING_QUERY" },
    { status: "COMPLETED" },
    { status: "QUERY_RESULT_EXPIRED" },
    failed("RATE_LIMIT_EXCEEDED_GENERIC_EXCEPTION", "Rate limit exceeded"),
    failed("WAREHOUSE_ACCESS_MISSING_EXCEPTION", "CAN USE on the warehouse Night loads is missing"),
    failed("SQL_EXECUTION_EXCEPTION", "the column tray_no does not exist"),
    { status: "CANCELLED" },
    { status: "THINKING_AGAIN" },
  ];
  const messages = states.map((state, at) => ({
    message_id: `${"a".repeat(30)}${String(at).padStart(2, "0")}`,
    content: `Question ${at + 1}: which shops bake too much?`,
    created_timestamp: Date.UTC(2026, 10, 2, 9, at),
    ...state,
  }));
  await page.route(/\/conversations\/[^/]+\/messages/, (route) => route.fulfill({ json: { messages } }));
}

/** On a screen that is high enough for a block with its messages. */
async function openMessages(page: Page, stack: Stack): Promise<Locator> {
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1280, height: 1600 });
  await routeMessages(page);
  await add(page, stack, REQUIRED_SPACE);
  const block = await inState(page, "ready");
  await block.getByTestId("conversations-toggle").click();
  await block.getByTestId("conversation").first().click();
  const messages = block.getByTestId("messages");
  await block.locator('[data-testid="messages"][data-state="done"]').waitFor();
  return messages;
}

async function add(page: Page, stack: Stack, space: string): Promise<void> {
  await openCanvas(page, stack.url, space);
  await paletteButton(page).click();
}

export const states: readonly State[] = [
  {
    name: "empty",
    enter: (page, stack) => openCanvas(page, stack.url),
  },
  {
    name: "loading",
    enter: async (page, stack) => {
      await stack.fault({
        match: { path_prefix: `/api/2.0/data-rooms/${unknown("1")}` },
        fault: { kind: "hang" },
      });
      await add(page, stack, unknown("1"));
      await inState(page, "loading");
    },
  },
  {
    name: "ready",
    enter: async (page, stack) => {
      await add(page, stack, REQUIRED_SPACE);
      await inState(page, "ready");
    },
  },
  {
    name: "not-found",
    enter: async (page, stack) => {
      await add(page, stack, unknown("2"));
      await inState(page, "error");
    },
  },
  {
    name: "error",
    enter: async (page, stack) => {
      await stack.fault({ match: { path_prefix: "/api/2.0/" }, fault: { kind: "status", status: 401 } });
      await add(page, stack, unknown("3"));
      await inState(page, "error");
    },
  },
  {
    name: "waiting",
    enter: async (page, stack) => {
      await stack.fault({
        match: { path_prefix: `/api/2.0/` },
        fault: { kind: "status", status: 429, retry_after: 600 },
      });
      await add(page, stack, unknown("4"));
      await inState(page, "waiting");
    },
  },
  {
    name: "stopped",
    enter: async (page, stack) => {
      await stack.fault({
        match: { path_prefix: `/api/2.0/data-rooms/${unknown("5")}` },
        fault: { kind: "hang" },
      });
      await add(page, stack, unknown("5"));
      await (await inState(page, "loading")).getByTestId("block-stop").click();
      await inState(page, "stopped");
    },
  },
  {
    name: "messages",
    enter: async (page, stack) => {
      await openMessages(page, stack);
    },
  },
  ...(
    [
      ["messages-answered", 8],
      ["messages-ended", 11],
    ] as const
  ).map(([name, upTo]) => ({
    name,
    enter: async (page: Page, stack: Stack) => {
      const messages = await openMessages(page, stack);
      await messages
        .locator("li")
        .nth(upTo - 1)
        .scrollIntoViewIfNeeded();
    },
  })),
  {
    name: "chooser",
    enter: async (page, stack) => {
      await add(page, stack, REQUIRED_SPACE);
      await inState(page, "ready");
      await blocks(page).getByTestId("block-choose").click();
      await page.getByTestId("space-option").first().waitFor();
    },
  },
  {
    name: "offline",
    enter: async (page, stack) => {
      await add(page, stack, REQUIRED_SPACE);
      await inState(page, "ready");
      await page.context().setOffline(true);
      await blocks(page).getByTestId("block-reload").click();
      await inState(page, "error");
      await page.getByTestId("server-banner").waitFor();
    },
  },
  {
    name: "pilot-empty",
    enter: async (page, stack) => {
      await openCanvas(page, stack.url);
      await page.getByTestId("palette-pilot").click();
      await inState(page, "unlinked", page.getByTestId("pilot-block"));
    },
  },
  {
    name: "pilot-connected",
    enter: async (page, stack) => {
      await add(page, stack, REQUIRED_SPACE);
      const genie = await inState(page, "ready");
      await page.getByTestId("palette-pilot").click();
      await inState(page, "unlinked", page.getByTestId("pilot-block"));
      await page.getByTestId("pilot-block").getByTestId("connect").click();
      await genie.getByTestId("connect-toggle").press("Enter");
      await page.getByTestId("pilot-from").waitFor();
    },
  },
  {
    name: "pilot-linked",
    enter: async (page, stack) => {
      await openCanvas(page, stack.url);
      await page.getByTestId("palette-pilot").click();
      const pilot = page.getByTestId("pilot-block");
      await pilot.getByTestId("pilot-paste").fill(`${stack.url}/handoff#context=${payloadOf()}`);
      await pilot.getByTestId("pilot-take").click();
      await inState(page, "linked", pilot);
    },
  },
  {
    name: "pilot-refused",
    enter: async (page, stack) => {
      await openCanvas(page, stack.url);
      await page.getByTestId("palette-pilot").click();
      const pilot = page.getByTestId("pilot-block");
      await pilot.getByTestId("pilot-paste").fill(`${stack.url}/h/${"z".repeat(20)}`);
      await pilot.getByTestId("pilot-take").click();
      await inState(page, "error", pilot);
    },
  },
  {
    name: "shortcuts",
    enter: async (page, stack) => {
      await add(page, stack, REQUIRED_SPACE);
      await inState(page, "ready");
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
];
