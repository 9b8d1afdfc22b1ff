import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { expectAccessible } from "./harness/canvas.ts";
import { page, setStage, stack } from "./harness/stage.ts";

setStage();

/** A plan on tables and a warehouse that the emulated workspace has. */
async function makePlan(): Promise<string> {
  const id = randomUUID();
  const response = await fetch(`${stack.url}/api/plans`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema_version: "1.0",
      plan_metadata: {
        plan_id: id,
        plan_name: "customer_daily",
        owner: "ada@example.com",
        created_at: "2026-01-16T08:00:00Z",
        version: "1.0.0",
      },
      pattern: { type: "MERGE_UPSERT" },
      source: {
        catalog: "prod_catalog",
        schema: "raw",
        table: "customer_events",
        columns: ["event_id", "customer_id"],
      },
      target: { catalog: "prod_catalog", schema: "curated", table: "customer_daily", write_mode: "merge" },
      pattern_config: { merge_keys: ["event_id"] },
      execution_config: { warehouse_id: "4b9b953939869799" },
      schedule: { type: "cron", cron_expression: "0 15 6 * * ?", timezone: "Europe/Berlin", enabled: true },
    }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return id;
}

const state = (name: string) => page.locator(`.title-line .state-tag[data-state="${name}"]`);

describe("from a draft to a run and back, on the page", () => {
  it("deploy, run, see it end, look at its lineage, switch off and on, take it back", async () => {
    const id = await makePlan();
    await page.goto(`${stack.url}/plans?plan=${id}`);
    await page.getByTestId("act-deploy").click();
    await page.getByTestId("deploy-effects").waitFor();
    await page.getByTestId("confirm-do").click();
    await state("deployed").waitFor();
    expect(await page.getByTestId("deployment").getAttribute("data-state")).toBe("deployed");
    await expectAccessible(page, "a deployed plan");

    await page.getByTestId("view-runs").click();
    await page.getByTestId("runs-none").waitFor();
    await page.getByTestId("run-start").click();
    // The page looks by itself; the workspace goes on with each look.
    await page.locator('[data-testid="run"][data-state="succeeded"]').waitFor({ timeout: 40_000 });
    expect(await page.getByTestId("announcements").textContent()).toContain("The run is now: Succeeded.");
    await expectAccessible(page, "a run that ended");

    await page.getByTestId("view-lineage").click();
    await page.getByTestId("lineage-here").waitFor();
    const list = (await page.getByTestId("lineage-list").textContent()) ?? "";
    for (const word of ["Plan version", "Job", "Run", "prod_catalog.raw.customer_events"]) {
      expect(list).toContain(word);
    }
    expect(await page.getByTestId("lineage-columns").textContent()).toContain("event_id");
    await expectAccessible(page, "lineage");

    await page.getByTestId("act-pause").click();
    await state("paused").waitFor();
    await page.getByTestId("act-resume").click();
    await state("deployed").waitFor();
    await page.getByTestId("act-undeploy").click();
    await page.getByTestId("confirm-do").click();
    await state("draft").waitFor();

    await page.goto(`${stack.url}/audit?plan=${id}`);
    await page.locator('[data-testid="chain"][data-mood="good"]').waitFor();
    await expect.poll(() => page.getByTestId("audit-entry").count()).toBeGreaterThan(6);
  }, 90_000);

  it("a run is cancelled, and shown as being cancelled until Databricks confirms", async () => {
    const id = await makePlan();
    await page.goto(`${stack.url}/plans?plan=${id}&view=runs`);
    await page.getByTestId("act-deploy").click();
    await page.getByTestId("deploy-effects").waitFor();
    await page.getByTestId("confirm-do").click();
    await page.getByTestId("run-start").click();
    await page.getByTestId("run-cancel").click();
    await page.locator('[data-testid="run"][data-state="cancelled"]').waitFor({ timeout: 40_000 });
    await page.getByTestId("run-again").waitFor();
  }, 90_000);
});
