/** What a person would try on the review page without meaning to test it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openContent } from "./handoff-states.ts";
import { completePlan, openGroup, openReview, review, sql } from "./harness/review.ts";
import { setStage, stack, watched } from "./harness/stage.ts";
import { context, goldenContext, payloadOf } from "./links.ts";

setStage();

/** The files that this browser keeps for a visit without a network. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const keys = (await caches.has("handoff")) ? await (await caches.open("handoff")).keys() : [];
    return keys.map(({ url }) => url);
  });

it("a stranger reads in one place what is written, as whom, how often, and how to undo it", async () => {
  const { page } = watched;
  await openReview(page, stack.url);
  await completePlan(page);
  const summary = page.getByTestId("summary");
  await expect.poll(() => summary.textContent()).toContain("main.marts.bakes_per_shop");
  expect(await summary.locator("dt").allTextContents()).toEqual([
    "Writes to",
    "Reads from",
    "How often",
    "As whom",
    "To undo",
  ]);
  await expect
    .poll(() => page.getByTestId("identity").textContent())
    .toMatch(/You review as .*The job runs as /);
  // On the first screen of a laptop there is no more than the link's own card above it.
  const place = await summary.evaluate((element) => element.getBoundingClientRect().top + window.scrollY);
  expect(place).toBeLessThan(860);
});

it("going away and back loses nothing, and undo goes on", async () => {
  const { page } = watched;
  await openReview(page, stack.url);
  await completePlan(page);
  const source = await openGroup(page, "source");
  await source.getByLabel("Filter", { exact: true }).fill("trays_baked > 12");
  await expect.poll(() => sql(page).textContent()).toContain("trays_baked > 12");
  await page.getByTestId("nav-plans").click();
  await page.waitForURL("**/plans");
  await page.goBack();
  await expect.poll(() => sql(page).textContent()).toContain("trays_baked > 12");
  await page.getByTestId("undo").click();
  await expect.poll(() => sql(page).textContent()).not.toContain("trays_baked > 12");
});

it("without a network another link opens in a new tab, and shows its SQL", async () => {
  const { page } = watched;
  await openReview(page, stack.url);
  await expect
    .poll(
      async () =>
        (await kept(page)).filter((url) =>
          /(?:_bg-.*\.wasm|(?:EditorCard|answers|LinkContent|panels)-.*\.(?:js|css)|\/handoff)$/.test(url),
        ).length,
      {
        timeout: 20_000,
      },
    )
    .toBe(11);
  // The page's own files and nothing else: no link, no answer of the server.
  for (const url of await kept(page)) {
    expect(new URL(url).pathname).toMatch(/^\/(?:handoff|theme\.js|favicon\.svg|assets\/[\w.-]+)$/);
    expect(new URL(url).search + new URL(url).hash).toBe("");
  }
  await page.context().setOffline(true);
  const other = await page.context().newPage();
  await other.goto(`${stack.url}/handoff#context=${payloadOf(goldenContext("01-library-loans"))}`);
  await review(other).waitFor();
  await other.locator('[data-testid="pattern"][data-suggestion="suggested"]').waitFor();
  await other.getByTestId("server-banner").waitFor();
  await completePlan(other, { key: "loan_id" });
  expect(await sql(other).textContent()).toContain("MERGE INTO");
  // What is loaded when it is wanted is there without a network as well.
  await openContent(other);
  await other.getByTestId("theme").click();
  await other.getByRole("radio", { name: "Dark" }).waitFor();
  await other.close();
  await page.context().setOffline(false);
});

it("a plan of 200 kB, a query of 10,000 characters and names of all kinds are shown", async () => {
  const { page } = watched;
  const table = "main.raw.wide";
  const columns = Array.from({ length: 5000 }, (_, at) => `a_column_with_quite_a_long_name_${at}`);
  const odd = `o'"\`😀שלום`;
  const wide = {
    ...context,
    validated_tables: [table],
    validated_columns: { [table]: [...columns, odd] },
    column_types: {},
    keys: { [table]: [columns[0] ?? ""] },
    exploration_queries: [{ query: `SELECT ${"x + ".repeat(2500)} x FROM ${table}`, result_summary: "" }],
  };
  await openReview(page, stack.url, payloadOf(wide));
  await completePlan(page, { key: columns[0] ?? "" });
  const kept = await page.evaluate(() =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith("genie-handoff.review."))
      .map((key) => localStorage.getItem(key)?.length ?? 0),
  );
  expect(kept[0]).toBeGreaterThan(150_000);
  const text = (await sql(page).textContent()) ?? "";
  expect(text).toContain("`a_column_with_quite_a_long_name_4999`");
  expect(text).toContain("`o'\"``😀שלום`");
  await openContent(page);
  await expect.poll(() => page.getByTestId("link-content").textContent()).toContain("x + ".repeat(2500));
});

it.each(["a", "b"])("a link of version %s from the first release opens", async (version) => {
  const { page } = watched;
  const folder = path.resolve(import.meta.dirname, "../../crates/handoff/tests/golden/v1");
  const link = readFileSync(path.join(folder, `01-library-loans.${version}.link`), "utf8").trim();
  await openReview(page, stack.url, link.replace(/^.*context=/, ""));
  expect(await page.getByTestId("intent").textContent()).toBe(goldenContext("01-library-loans").user_intent);
});
