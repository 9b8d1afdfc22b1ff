/** Every state of a review, for whoever wants to look at all of them. */
import type { Page } from "playwright-core";
import { choosePattern, completePlan, openGroup, openReview } from "./harness/review.ts";
import type { Stack } from "./harness/stack.ts";
import type { State } from "./states.ts";

/** A warehouse of the emulator that runs, and a catalog in which the plan may write. */
async function saved(page: Page, stack: Stack): Promise<void> {
  await openReview(page, stack.url);
  await completePlan(page);
  await page.getByTestId("save").click();
  await page.locator('[data-testid="review"][data-saved="true"]').waitFor();
}

export const reviewStates: readonly State[] = [
  {
    name: "review-questions",
    enter: async (page, stack) => {
      await openReview(page, stack.url);
      await page.getByTestId("questions").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "review-editing",
    enter: async (page, stack) => {
      await openReview(page, stack.url);
      await completePlan(page);
      const source = await openGroup(page, "source");
      await source.getByLabel("Filter", { exact: true }).fill("trays_baked > 12");
      await page.locator('[data-testid="sql"] [data-state="added"]').first().waitFor();
    },
  },
  {
    name: "review-wrong",
    enter: async (page, stack) => {
      await openReview(page, stack.url);
      await completePlan(page);
      const source = await openGroup(page, "source");
      await source.getByLabel("Filter", { exact: true }).fill("1 = 1; DROP TABLE x");
      await page.locator('[data-path="/source/filter"] .field-issues').waitFor();
    },
  },
  {
    name: "review-patterns",
    enter: async (page, stack) => {
      await openReview(page, stack.url);
      await choosePattern(page, "FULL_REPLACE");
      await page.getByTestId("reasons").locator("summary").click();
      await page.getByTestId("pattern").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "review-schedule",
    enter: async (page, stack) => {
      await openReview(page, stack.url);
      const schedule = await openGroup(page, "schedule");
      await schedule.getByLabel("Starts").selectOption("cron");
      await schedule.getByLabel("Quartz expression").fill("0 30 6 ? * MON-FRI");
      await schedule.getByLabel("Time zone").fill("Europe/Berlin");
      await page.getByTestId("schedule-runs").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "review-offline",
    enter: async (page, stack) => {
      await openReview(page, stack.url);
      await completePlan(page);
      await page.context().setOffline(true);
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
      await page.getByTestId("server-banner").waitFor();
    },
  },
  {
    name: "review-confirm",
    enter: async (page, stack) => {
      await saved(page, stack);
      await page.getByTestId("deploy-button").click();
      await page.getByTestId("confirm-deploy").waitFor();
    },
  },
  {
    name: "review-permissions",
    enter: async (page, stack) => {
      await saved(page, stack);
      await page.getByTestId("check-permissions").click();
      await page.locator('[data-testid="permissions"][data-asked="known"]').waitFor();
      await page.getByTestId("permissions").scrollIntoViewIfNeeded();
    },
  },
];
