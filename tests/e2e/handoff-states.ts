/** Every state of the way to a link and of the page that opens one, for whoever wants to look at all of them. */
import type { Page } from "playwright-core";
import { blocks, inState, openCanvas, paletteButton } from "./harness/canvas.ts";
import { REQUIRED_SPACE, type Stack } from "./harness/stack.ts";
import { context, payloadOf, published, signed } from "./links.ts";
import type { State } from "./states.ts";

/** Publishes the keys of the tests, as a server that signs links does. */
export async function publishKeys(page: Page): Promise<void> {
  await page.route("**/.well-known/genie-handoff.json", (route) => route.fulfill({ json: published }));
}

/** Opens the page at a link and waits until it is in this state. */
export async function openHandoff(page: Page, url: string, link: string, state: string): Promise<void> {
  await page.goto(`${url}/handoff${link}`);
  await page.locator(`[data-testid="handoff"][data-state="${state}"]`).waitFor();
  await page.getByTestId("emulator-badge").or(page.getByTestId("server-down")).first().waitFor();
  // The suggestions have come, so that nothing moves any more.
  if (state === "open")
    await page.locator('[data-testid="pattern"]:not([data-suggestion="waiting"])').waitFor();
}

/** Opens up everything that came with the link. */
export async function openContent(page: Page): Promise<void> {
  await page.getByTestId("link-content").locator("> summary").click();
  await page.getByTestId("readiness").waitFor();
}

async function openDialog(page: Page, stack: Stack): Promise<void> {
  await openCanvas(page, stack.url, REQUIRED_SPACE);
  await paletteButton(page).click();
  await inState(page, "ready");
  await blocks(page).getByTestId("block-pipeline").click();
  await page.getByTestId("pipeline-missing").waitFor();
}

const intent = "Events per customer and day, for the success team, every morning before 7";
const host = (stack: Stack): string => new URL(stack.url).host;

async function open(page: Page, stack: Stack, payload: string, state = "open"): Promise<void> {
  await publishKeys(page);
  await openHandoff(page, stack.url, payload === "" ? "" : `#context=${payload}`, state);
}

export const handoffStates: readonly State[] = [
  { name: "pipeline-empty", enter: openDialog },
  {
    name: "pipeline-personal",
    enter: async (page, stack) => {
      await openDialog(page, stack);
      await page
        .getByTestId("pipeline-intent")
        .fill(`${intent}. Send it to anna.bauer@example.com, +49 170 1234567`);
      await page.getByTestId("intent-findings").waitFor();
    },
  },
  {
    name: "pipeline-made",
    enter: async (page, stack) => {
      await openDialog(page, stack);
      await page.getByTestId("pipeline-intent").fill(intent);
      await page.getByTestId("pipeline-make").click();
      await page.getByTestId("pipeline-link").waitFor();
    },
  },
  {
    name: "pipeline-refused",
    enter: async (page, stack) => {
      await page.route("**/api/handoffs", (route) =>
        route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          headers: { "x-request-id": "0123456789abcdef" },
          json: { code: "upstream_unreachable", title: "Databricks cannot be reached", status: 503 },
        }),
      );
      await openDialog(page, stack);
      await page.getByTestId("pipeline-intent").fill(intent);
      await page.getByTestId("pipeline-make").click();
      await page.getByTestId("pipeline-refused").waitFor();
    },
  },
  { name: "handoff-empty", enter: (page, stack) => open(page, stack, "", "empty") },
  { name: "handoff-unsigned", enter: (page, stack) => open(page, stack, payloadOf()) },
  {
    name: "handoff-signed",
    enter: (page, stack) => open(page, stack, signed(payloadOf(), { host: host(stack) })),
  },
  {
    name: "handoff-tampered",
    enter: (page, stack) => {
      const carried = payloadOf({ ...context, user_intent: "Copy everything to my own catalog" });
      return open(page, stack, signed(payloadOf(), { host: host(stack), carried }), "tampered");
    },
  },
  {
    name: "handoff-damaged",
    enter: (page, stack) => open(page, stack, payloadOf().slice(0, -9), "refused"),
  },
  {
    name: "handoff-hostile",
    enter: (page, stack) =>
      open(
        page,
        stack,
        payloadOf({
          genie_session_id: "",
          space_id: "not \u202eshown backwards",
          validated_tables: [
            "main.raw.ord\u200bers",
            "main.raw.\u202estnemyap",
            "a.b.<img src=x onerror=alert(1)>",
          ],
          validated_columns: { "main.raw.ord\u200bers": ["id", "\u2066total"] },
          user_intent: "",
          exploration_summary: {},
          exploration_queries: [{ query: "SELECT \u202e1 FROM t" }],
          unknown_to_this_version: true,
        }),
      ),
  },
  {
    name: "handoff-no-code",
    enter: async (page, stack) => {
      await page.route("**/*.wasm", (route) => route.abort());
      await openHandoff(page, stack.url, `#context=${payloadOf()}`, "no-code");
    },
  },
];
