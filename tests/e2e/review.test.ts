import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectAccessible, tabTo } from "./harness/canvas.ts";
import {
  addColumn,
  choosePattern,
  completePlan,
  openDeployable,
  openGroup,
  openReview,
  review,
  save,
  sql,
} from "./harness/review.ts";
import { setStage, stack, watched } from "./harness/stage.ts";

setStage();

describe("editing a plan", () => {
  it("asks first, leads to the fields, and shows SQL as soon as there can be any", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    const questions = page.getByTestId("questions");
    expect(Number(await questions.getAttribute("data-open"))).toBeGreaterThan(0);
    expect(await page.getByTestId("save").getAttribute("aria-disabled")).toBe("true");
    // The button leads into a part that is folded, and to its field.
    await questions.getByRole("button", { name: "Go to the field: Name and owner, Owner" }).click();
    const owner = page.getByLabel("Owner", { exact: true });
    expect(await owner.evaluate((element) => element === document.activeElement)).toBe(true);
    await completePlan(page);
    expect(await sql(page).textContent()).toContain("MERGE INTO `main`.`marts`.`bakes_per_shop` AS t");
    expect(await questions.locator('[data-kind="answer"], [data-kind="wrong"]').count()).toBe(0);
  });

  it("renews the SQL with each key stroke, and marks what changed", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await completePlan(page);
    const source = await openGroup(page, "source");
    const filter = source.getByLabel("Filter", { exact: true });
    await filter.focus();
    for (const [typed, shown] of [
      ["trays_baked > 1", "WHERE (trays_baked > 1)"],
      ["2", "WHERE (trays_baked > 12)"],
    ] as const) {
      await page.keyboard.type(typed);
      await expect.poll(() => sql(page).textContent()).toContain(shown);
    }
    expect(await sql(page).locator('[data-state="added"]').allTextContents()).toContainEqual(
      expect.stringContaining("trays_baked > 12"),
    );
    // What cannot be a filter is refused at its field, and nothing half-made is shown.
    await page.keyboard.type("; DROP TABLE x");
    const field = page.locator('[data-path="/source/filter"]');
    await expect.poll(() => field.locator(".field-issues").count()).toBe(1);
    expect(await filter.getAttribute("aria-invalid")).toBe("true");
    expect(await sql(page).count()).toBe(0);
    // Typing without a break is one step.
    await page.keyboard.press("Control+z");
    await expect.poll(() => filter.inputValue()).not.toContain("DROP");
  });

  it("switches the pattern, keeps the key, and goes back in one step", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await completePlan(page);
    const before = await sql(page).textContent();
    await choosePattern(page, "SCD2");
    await expect.poll(() => sql(page).textContent()).toContain("valid_from");
    const config = await openGroup(page, "config");
    expect(await config.locator(".chip").allTextContents()).toContain("shop_code");
    await page.getByTestId("undo").click();
    await expect.poll(() => sql(page).textContent()).toBe(before);
    await choosePattern(page, "FULL_REPLACE");
    await expect.poll(() => page.getByTestId("summary").textContent()).toContain("Loses rows");
    // What loses rows stands first where somebody decides.
    expect(
      await page.getByTestId("deploy-effects").locator("li").first().getAttribute("data-destructive"),
    ).toBe("true");
  });

  it("says a schedule in words and when it runs next, in its zone", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    const schedule = await openGroup(page, "schedule");
    await schedule.getByLabel("Starts").selectOption("cron");
    await schedule.getByLabel("Quartz expression").fill("0 30 6 ? * MON-FRI");
    await schedule.getByLabel("Time zone").fill("Europe/Berlin");
    const runs = page.getByTestId("schedule-runs");
    await expect.poll(() => runs.textContent()).toContain("Monday to Friday at 06:30, Europe/Berlin time");
    expect(await runs.locator("li").count()).toBe(5);
    await expect
      .poll(() => page.getByTestId("how-often").textContent())
      .toContain("Monday to Friday at 06:30");
    await schedule.getByLabel("Quartz expression").fill("30 6 * * 1-5");
    await expect
      .poll(() => page.locator('[data-path="/schedule/cron_expression"] .field-issues').textContent())
      .toContain("6 or 7 fields");
  });

  it("shows what it can until the second module is there, and says what is missing", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await completePlan(page);
    const schedule = await openGroup(page, "schedule");
    await schedule.getByLabel("Starts").selectOption("cron");
    await schedule.getByLabel("Quartz expression").fill("0 30 6 ? * MON-FRI");
    const often = page.getByTestId("how-often");
    await expect.poll(() => often.textContent()).toContain("Monday to Friday at 06:30");
    const kept = () => page.evaluate(() => JSON.stringify(localStorage).includes("MON-FRI"));
    await expect.poll(kept).toBe(true);

    // What is kept for opening links without a network would be quicker than the network.
    await page.evaluate(async () => {
      for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
      await caches.delete("handoff");
    });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/suggest_bg*.wasm", async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    // The draft of this browser is there at once, with its SQL.
    await expect.poll(() => sql(page).textContent()).toContain("MERGE INTO");
    await expect.poll(() => often.textContent()).toContain("0 30 6 ? * MON-FRI");
    await openGroup(page, "schedule");
    await expect
      .poll(() => page.getByTestId("schedule-unsaid").textContent())
      .toContain("Finding the next runs");
    release();
    await expect.poll(() => often.textContent()).toContain("Monday to Friday at 06:30");
    expect(await page.getByTestId("schedule-runs").locator("li").count()).toBe(5);
    await page.unroute("**/suggest_bg*.wasm");
  });

  it("loses nothing on reload, keeps the steps, and follows another tab", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await completePlan(page);
    const text = await sql(page).textContent();
    await page.reload();
    await expect.poll(() => sql(page).textContent()).toBe(text);
    await page.getByTestId("undo").click();
    await page.getByTestId("redo").click();
    await expect.poll(() => sql(page).textContent()).toBe(text);

    const other = await page.context().newPage();
    await openReview(other, stack.url);
    await expect.poll(() => sql(other).textContent()).toBe(text);
    const source = await openGroup(other, "source");
    await source.getByLabel("Filter", { exact: true }).fill("oven_no = 4");
    await expect.poll(() => sql(page).textContent()).toContain("oven_no = 4");
    await page.getByTestId("undo").click();
    await expect.poll(() => sql(page).textContent()).toBe(text);
    await other.close();
  });

  it("works with the server gone, and says which buttons wait for it", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await completePlan(page);
    await page.context().setOffline(true);
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await page.getByTestId("server-banner").waitFor();
    expect(await page.getByTestId("deploy-waits").textContent()).toContain(
      "the server, which cannot be reached",
    );
    expect(await page.getByTestId("save").getAttribute("aria-disabled")).toBe("true");
    const source = await openGroup(page, "source");
    await source.getByLabel("Filter", { exact: true }).fill("oven_no = 7");
    await expect.poll(() => sql(page).textContent()).toContain("oven_no = 7");
    await page.context().setOffline(false);
  });

  it("by keyboard alone: from the questions to a plan that is complete", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await page.getByTestId("handoff").focus();
    await completePlan(page);
    const save = page.getByTestId("save");
    await page.getByTestId("check-permissions").focus();
    await tabTo(page, save, 20);
    expect(await save.getAttribute("aria-disabled")).toBeNull();
  });

  it("shows a name with quotes, emoji and right-to-left text as text", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await completePlan(page, { target: ["main", "marts", `o'"\`😀שלום`] });
    expect(await sql(page).textContent()).toContain("`main`.`marts`.`o'\"``😀שלום`");
    await addColumn(await openGroup(page, "source"), "Columns", "<img src=x>");
    expect(await review(page).locator("img").count()).toBe(0);
  });
});

describe("saving", () => {
  it("saves, saves again as a new version, and a reload knows it", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await completePlan(page);
    await page.getByTestId("save").click();
    await page.locator('[data-testid="review"][data-saved="true"]').waitFor();
    expect(await page.getByTestId("saved-as").textContent()).toContain("1.0.0");
    const source = await openGroup(page, "source");
    await source.getByLabel("Filter", { exact: true }).fill("oven_no = 4");
    await page.locator('[data-testid="review"][data-saved="false"]').waitFor();
    await page.getByTestId("save").click();
    await page.locator('[data-testid="review"][data-saved="true"]').waitFor();
    expect(await page.getByTestId("saved-as").textContent()).toContain("1.1.0");
    await page.reload();
    await page.locator('[data-testid="review"][data-saved="true"]').waitFor();
    expect(await page.getByTestId("saved-as").textContent()).toContain("1.1.0");
  });

  it("shows what somebody else saved meanwhile, and loses neither", async () => {
    const { page } = watched;
    await openReview(page, stack.url);
    await completePlan(page);
    await page.getByTestId("save").click();
    await page.locator('[data-testid="review"][data-saved="true"]').waitFor();
    const id = await review(page).getAttribute("data-plan");
    const read = await fetch(`${stack.url}/api/plans/${id}`);
    const { plan } = (await read.json()) as { plan: Record<string, Record<string, unknown>> };
    const put = await fetch(`${stack.url}/api/plans/${id}`, {
      method: "PUT",
      headers: { "content-type": "application/json", "if-match": read.headers.get("etag") ?? "" },
      body: JSON.stringify({ ...plan, source: { ...plan.source, filter: "oven_no = 1" } }),
    });
    expect(put.status).toBe(200);
    const source = await openGroup(page, "source");
    await source.getByLabel("Filter", { exact: true }).fill("oven_no = 2");
    await page.getByTestId("save").click();
    const conflict = page.getByTestId("conflict");
    await conflict.waitFor();
    expect(await conflict.textContent()).toContain("oven_no = 1");
    await conflict.getByRole("button", { name: "Save mine as the next version" }).click();
    await page.getByTestId("save").click();
    await page.locator('[data-testid="review"][data-saved="true"]').waitFor();
    expect(await sql(page).textContent()).toContain("oven_no = 2");
  });
});

describe("on the server", () => {
  it("says as whom one reviews, and checks permissions with the GRANT that is missing", async () => {
    const { page } = watched;
    await openDeployable(page, stack.url);
    await expect.poll(() => page.getByTestId("identity").textContent()).toContain("You review as");
    const permissions = page.getByTestId("permissions");
    // Nothing is ticked before somebody looked.
    expect(await permissions.locator('[data-state="ok"]').count()).toBe(0);
    await page.getByTestId("check-permissions").click();
    await page.locator('[data-testid="permissions"][data-asked="known"]').waitFor();
    expect(await permissions.locator("li[data-check]").count()).toBeGreaterThan(0);
    // Each is found under what it is about.
    const source = permissions.locator('[data-securable="prod_catalog.raw.customer_events"]').first();
    expect(await source.locator("h3").textContent()).toBe("Table prod_catalog.raw.customer_events");
    expect(await source.textContent()).toContain("SELECT");
  });

  it("a deployment that is refused says at the button what is missing, and goes through once it is there", async () => {
    const { page } = watched;
    await openDeployable(page, stack.url);
    await save(page);
    const table = "prod_catalog.raw.customer_events";
    await stack.control("DELETE", `/tables/${table}`);
    try {
      await page.getByTestId("deploy-button").click();
      await page.getByTestId("confirm").click();
      const failure = page.getByTestId("deploy").getByTestId("failure");
      await failure.waitFor();
      expect(await failure.getAttribute("data-code")).toBe("permissions_missing");
      const missing = failure.locator(`[data-securable="${table}"] li[data-check]`);
      expect(await missing.count()).toBeGreaterThan(0);
      expect(await missing.first().getAttribute("data-state")).toBe("missing");
      await expectAccessible(page, "a refused deployment");
    } finally {
      await stack.control("POST", "/reset");
    }
    await page.getByTestId("deploy-button").click();
    await page.getByTestId("confirm").click();
    await page.getByTestId("deployment").waitFor();
  });

  it("names the warehouse that starts, and asks again at a press", async () => {
    const { page } = watched;
    await openDeployable(page, stack.url);
    await save(page);
    let asked = 0;
    await page.route("**/api/plans/*/preview", async (route) => {
      asked += 1;
      const response = await route.fetch();
      const answer = await response.json();
      const late = { state: "warehouse_starting", message: "ask again", value: null };
      if (asked === 1) {
        Object.assign(answer.explain, late);
        answer.warehouse.name = "Night shift";
      }
      await route.fulfill({ response, json: answer });
    });
    await page.getByTestId("count").click();
    const starting = page.getByTestId("warehouse-starting");
    await starting.waitFor();
    expect(await starting.textContent()).toContain("Starting warehouse Night shift.");
    await starting.getByRole("button", { name: "Count again" }).click();
    await starting.waitFor({ state: "detached" });
    expect(asked).toBe(2);
  });

  it("counts on the warehouse, deploys exactly what was saved, runs it, and shows what came of it", async () => {
    const { page } = watched;
    await openDeployable(page, stack.url);
    await save(page);
    await page.getByTestId("count").click();
    await page.locator('[data-testid="counts"][data-state="done"]').waitFor();
    expect(await page.getByTestId("counts").locator("[data-count]").count()).toBeGreaterThan(0);

    const button = page.getByTestId("deploy-button");
    const hash = await button.getAttribute("data-hash");
    const sent = page.waitForRequest((request) => request.url().endsWith("/deploy"));
    await button.click();
    await page.getByTestId("confirm").click();
    const request = await sent;
    expect(request.postDataJSON()).toEqual({ plan_hash: hash, version: "1.0.0" });
    expect(request.headers()["idempotency-key"]).toMatch(/^[!-~]{1,64}$/);
    const deployment = page.getByTestId("deployment");
    await deployment.waitFor();
    expect(await page.getByTestId("job-id").textContent()).toMatch(/^\d+$/);

    await page.getByTestId("run-now").click();
    await page.locator('[data-testid="run"][data-state="succeeded"]').waitFor();
    expect(await page.getByTestId("run-rows").textContent()).not.toBe("");
    // A reload knows what is deployed.
    await page.reload();
    await deployment.waitFor();
    expect(await deployment.getAttribute("data-version")).toBe("1.0.0");

    // What it did leaves as OpenLineage: the job with its columns, and the run from its start to its end.
    const id = (await review(page).getAttribute("data-plan")) ?? "";
    await page.goto(`${stack.url}/plans?plan=${id}&view=export`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId("export-openlineage").click(),
    ]);
    expect(download.suggestedFilename()).toBe(`openlineage-${id.slice(0, 8)}.json`);
    const events = JSON.parse(readFileSync(await download.path(), "utf8")) as LineageEvent[];
    expect(events.map(({ eventType }) => eventType)).toEqual([undefined, "START", "COMPLETE"]);
    for (const event of events) {
      expect(event.schemaURL).toMatch(/^https:\/\/openlineage\.io\/spec\/2-0-2\/OpenLineage\.json#/);
      expect(Date.parse(event.eventTime)).not.toBeNaN();
      expect(event.producer).toMatch(/^https?:/);
      expect(event.job.name).not.toBe("");
      const names = (list: LineageEvent["inputs"]) => list.map(({ name }) => name);
      expect(names(event.inputs)).toEqual(["prod_catalog.raw.customer_events"]);
      expect(names(event.outputs)).toEqual(["prod_catalog.curated.customer_daily"]);
    }
    expect(events[2]?.run?.runId).toBe(events[1]?.run?.runId);
  });
});

interface LineageEvent {
  readonly eventType?: string;
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly job: { readonly namespace: string; readonly name: string };
  readonly run?: { readonly runId: string };
  readonly inputs: readonly { readonly name: string }[];
  readonly outputs: readonly { readonly name: string }[];
}
