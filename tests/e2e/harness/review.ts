/** The review page in the words of a person. */
import type { Locator, Page } from "playwright-core";
import type { HandoffContext } from "../../../pkg/dist/inline.js";
import { payloadOf } from "../links.ts";
import { REQUIRED_SPACE } from "./stack.ts";

export const review = (page: Page): Locator => page.getByTestId("review");
export const sql = (page: Page): Locator => page.getByTestId("sql");

/** Opens a link and waits until there is a plan to review. */
export async function openReview(page: Page, url: string, payload = payloadOf()): Promise<void> {
  await page.goto(`${url}/handoff#context=${payload}`);
  await review(page).waitFor();
  await page.getByTestId("emulator-badge").or(page.getByTestId("server-down")).first().waitFor();
  await page.locator('[data-testid="pattern"][data-suggestion]:not([data-suggestion="waiting"])').waitFor();
  await page.getByTestId("plan-groups").waitFor();
}

/** Opens a part of the plan. */
export async function openGroup(page: Page, name: string): Promise<Locator> {
  const group = page.getByTestId(`group-${name}`);
  if ((await group.getAttribute("open")) === null) await group.locator("summary").click();
  return group;
}

/** Chooses a pattern, if it is not chosen already. */
export async function choosePattern(page: Page, type: string): Promise<void> {
  const card = page.getByTestId("pattern");
  if ((await card.getAttribute("data-pattern")) === type) return;
  const others = card.locator("details").last();
  if ((await others.getAttribute("open")) === null) await others.locator("summary").click();
  await others.locator(`[data-pattern="${type}"]`).getByRole("button").click();
  await page.locator(`[data-testid="pattern"][data-pattern="${type}"]`).waitFor();
}

/** Adds a column to a list. */
export async function addColumn(group: Locator, label: string, column: string): Promise<void> {
  const field = group.locator(`fieldset:has(> legend:text-is("${label}"))`);
  if ((await field.locator(".chip").filter({ hasText: column }).count()) > 0) return;
  await field.getByRole("combobox").fill(column);
  await field.getByRole("combobox").press("Enter");
}

export interface Answers {
  readonly target?: readonly [catalog: string, schema: string, table: string];
  readonly warehouse?: string;
  readonly key?: string;
}

/** Answers everything that a merge by key needs. */
export async function completePlan(page: Page, answers: Answers = {}): Promise<void> {
  const { target = ["main", "marts", "bakes_per_shop"], warehouse = "4b9b953939869799" } = answers;
  await choosePattern(page, "MERGE_UPSERT");
  const to = await openGroup(page, "target");
  await to.getByLabel("Catalog", { exact: true }).fill(target[0]);
  await to.getByLabel("Schema", { exact: true }).fill(target[1]);
  await to.getByLabel("Table", { exact: true }).fill(target[2]);
  await addColumn(await openGroup(page, "config"), "Key columns", answers.key ?? "shop_code");
  const about = await openGroup(page, "about");
  await about.getByLabel("Owner").fill("ada@example.com");
  const execution = await openGroup(page, "execution");
  await execution.getByLabel("Warehouse id").fill(warehouse);
  await page.locator('[data-testid="review"][data-valid="true"]').waitFor();
}

/** A handoff about tables that the emulator has, and a plan that its account may run. */
export const deployable: HandoffContext = {
  genie_session_id: "01f0eca4a1c81d3f9e7b2c6d5f8091aa",
  space_id: REQUIRED_SPACE,
  validated_tables: ["prod_catalog.raw.customer_events", "prod_catalog.curated.customer_daily"],
  validated_columns: { "prod_catalog.raw.customer_events": ["event_id", "customer_id"] },
  user_intent: "Keep one row per event up to date, whenever somebody starts it",
  exploration_summary: { queries_run: 0, tables_explored: 2, sample_data_reviewed: false },
  exploration_queries: [],
  created_at: "2026-11-18T06:30:00Z",
  warehouse_id: "4b9b953939869799",
};

/** Opens it and answers what is open. */
export async function openDeployable(page: Page, url: string): Promise<void> {
  await openReview(page, url, payloadOf(deployable));
  await completePlan(page, { target: ["prod_catalog", "curated", "customer_daily"], key: "event_id" });
}

/** Saves, and waits until it is saved. */
export async function save(page: Page): Promise<void> {
  await page.getByTestId("save").click();
  await page.locator('[data-testid="review"][data-saved="true"]').waitFor();
}
