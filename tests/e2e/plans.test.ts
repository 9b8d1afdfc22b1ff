import { readFileSync } from "node:fs";
import type { Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { tabTo } from "./harness/canvas.ts";
import { page, setStage, stack } from "./harness/stage.ts";
import { payloadOf } from "./links.ts";
import { documents, PLAN_ID } from "./plan-data.ts";
import { answer, planStates } from "./plan-states.ts";

setStage();

/** Sends a plan to the server, as the review page does. */
async function send(method: "POST" | "PUT", path: string, body: unknown, etag?: string): Promise<string> {
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: { "content-type": "application/json", ...(etag && { "if-match": etag }) },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return response.headers.get("etag") ?? "";
}

/** A plan of its own with two versions. */
async function makePlan(last: string, name: string): Promise<string> {
  const id = `${PLAN_ID.slice(0, -1)}${last}`;
  const of = (version: keyof typeof documents) => {
    const { plan_metadata, ...rest } = documents[version];
    return { ...rest, plan_metadata: { ...plan_metadata, plan_id: id, plan_name: name } };
  };
  const etag = await send("POST", "/api/plans", of("1.0.0"));
  await send("PUT", `/api/plans/${id}`, { plan: of("1.1.0"), note: "Tests are left out" }, etag);
  return id;
}

describe("plans that the server keeps", () => {
  it("an empty list says how a plan begins", async () => {
    await page.goto(`${stack.url}/plans`);
    await page.getByTestId("plans-empty").waitFor();
    expect(await page.getByTestId("nav-plans").getAttribute("aria-current")).toBe("page");
  });

  it("are listed, found, opened and compared, by keyboard alone", async () => {
    await makePlan("1", "loans_per_day");
    await makePlan("2", "stock_per_shop");
    await page.goto(`${stack.url}/plans`);
    await expect.poll(() => page.getByTestId("plan-row").count()).toBe(2);

    await tabTo(page, page.getByTestId("plans-search"));
    await page.keyboard.type("loans");
    await expect.poll(() => page.getByTestId("plan-row").count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("q")).toBe("loans");
    await tabTo(page, page.getByRole("link", { name: "loans_per_day" }));
    await page.keyboard.press("Enter");
    await page.getByTestId("plan-sql").getByText("MERGE INTO").waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("loans_per_day");

    await tabTo(page, page.getByTestId("view-versions"));
    await page.keyboard.press("Enter");
    await page.getByTestId("diff-changes").waitFor();
    expect(await page.getByTestId("version-row").count()).toBe(2);
    const changes = (await page.getByTestId("version-diff").textContent()) ?? "";
    expect(changes).toContain("source.filter was added");
    expect(changes).toContain("Added line:");
    // Back is back, and the search is still there.
    await page.goBack();
    await page.getByTestId("plan-sql").waitFor();
    await page.goBack();
    await expect.poll(() => page.getByTestId("plans-search").inputValue()).toBe("loans");
  });

  it("a search that finds nothing says so, and can be cleared", async () => {
    await page.goto(`${stack.url}/plans?q=nowhere_to_be_found`);
    await page.getByTestId("plans-none").getByRole("button").click();
    await expect.poll(() => page.getByTestId("plan-row").count()).toBe(2);
  });

  it("leave as files that hold exactly what is shown", async () => {
    const id = `${PLAN_ID.slice(0, -1)}1`;
    await page.goto(`${stack.url}/plans?plan=${id}&view=export`);
    const file = page.getByTestId("export-file").first();
    const shown = (await file.locator("pre").textContent()) ?? "";
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      file.getByTestId("export-download").click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^loans_per_day-[0-9a-f]{8}\.sql$/);
    const saved = readFileSync(await download.path(), "utf8");
    expect(saved).toBe(shown);
    expect(saved).toContain("MERGE INTO `main`.`mart`.`events_per_customer`");
    await page.getByRole("radio", { name: /dbt model/ }).check();
    await page.getByRole("heading", { name: "models/loans_per_day.yml" }).waitFor();
    await page.getByRole("radio", { name: /Bundle/ }).check();
    await page.getByRole("heading", { name: "databricks.yml" }).waitFor();
  });

  it("are archived only after a question, and found again by their state", async () => {
    const id = await makePlan("3", "to_be_archived");
    await page.goto(`${stack.url}/plans?plan=${id}`);
    await page.getByTestId("act-archive").click();
    await page.getByTestId("confirm-cancel").click();
    await page.getByTestId("act-archive").click();
    await page.getByTestId("confirm-do").click();
    await page.locator('.state-tag[data-state="archived"]').waitFor();
    await page.goto(`${stack.url}/plans`);
    await expect.poll(() => page.getByTestId("plan-row").count()).toBe(2);
    await page.getByTestId("plans-state").selectOption("archived");
    await expect.poll(() => page.getByTestId("plan-row").count()).toBe(1);
  });

  it("a link that somebody sent opens in the review page", async () => {
    await page.goto(`${stack.url}/plans`);
    await page.getByTestId("import").click();
    await page.getByTestId("import-link").fill("no link");
    await page.getByTestId("import-open").click();
    await page.getByText("This is no handoff link.").waitFor();
    await page.getByTestId("import-link").fill(`https://elsewhere.example/handoff#context=${payloadOf()}`);
    await page.getByTestId("import-open").click();
    await page.locator('[data-testid="handoff"]').waitFor();
    expect(new URL(page.url()).pathname).toBe("/handoff");
  });

  it("a plan that is not there says so", async () => {
    await page.goto(`${stack.url}/plans?plan=6b1f7c1e-0000-4000-8000-000000000000`);
    await page.getByText("There is no such plan, or you may not see it.").waitFor();
  });
});

describe("the audit", () => {
  it("has what was done, its chain is checked by the server, and filters live in the address", async () => {
    await page.goto(`${stack.url}/audit`);
    await page.locator('[data-testid="chain"][data-mood="good"]').waitFor();
    await page.getByTestId("audit-entry").first().waitFor();
    const id = `${PLAN_ID.slice(0, -1)}1`;
    await page.getByTestId("audit-plan").fill(id);
    await page.getByTestId("audit-apply").click();
    await expect.poll(() => new URL(page.url()).searchParams.get("plan")).toBe(id);
    await expect.poll(() => page.getByTestId("audit-entry").count()).toBeGreaterThan(0);
    await page.getByTestId("audit-entry").first().locator("summary").click();
    expect(await page.getByTestId("audit-entry").first().textContent()).toContain(id);
  });
});

describe("who am I", () => {
  it("somebody unknown is offered the way in, and comes back to where they were", async () => {
    const state = planStates.find(({ name }) => name === "plans-sign-in");
    await state?.enter(page, stack);
    const href = (await page.getByTestId("sign-in").getAttribute("href")) ?? "";
    const link = new URL(href, stack.url);
    expect([link.pathname, link.searchParams.get("return_to")]).toEqual(["/auth/login", "/plans?q=loans"]);
  });

  it("in open mode everything is allowed, and the page says why", async () => {
    await page.goto(`${stack.url}/plans`);
    await page.getByTestId("me").click();
    await page.getByText("Open mode: the server lets in whoever is on this machine.").waitFor();
  });

  it("what a role does not allow is said before it is tried", async () => {
    await answer(page, {
      "/api/me": {
        caller: "v",
        name: "Vera",
        kind: "token",
        roles: ["viewer"],
        run_as: null,
        sign_in: { available: false },
        expires_at: null,
      },
    });
    await page.goto(`${stack.url}/plans?plan=${PLAN_ID}`);
    const button = page.getByTestId("act-undeploy");
    await expect.poll(() => button.getAttribute("aria-disabled")).toBe("true");
    expect(await button.getAttribute("title")).toContain("deployer");
    await button.click({ force: true });
    expect(await page.getByTestId("confirm").count()).toBe(0);
  });
});

describe("deploying a version", () => {
  it("sends the version and the hash that were shown, once, and says what was refused", async () => {
    const sent: unknown[] = [];
    await answer(page, {
      [`/api/plans/${PLAN_ID}/deploy`]: async (route: Route) => {
        const request = route.request();
        sent.push([request.postDataJSON(), request.headers()["idempotency-key"]]);
        await route.fulfill({
          status: 409,
          contentType: "application/problem+json",
          json: { status: 409, code: "plan_hash_stale", title: "stale", detail: "The plan has changed." },
        });
      },
    });
    await page.goto(`${stack.url}/plans?plan=${PLAN_ID}&view=versions`);
    await page.getByTestId("version-deploy").first().click();
    await page.getByTestId("deploy-effects").waitFor();
    await page.getByTestId("confirm-do").click();
    await page.getByTestId("deploy-problem").waitFor();
    expect(await page.getByTestId("deploy-problem").textContent()).toContain("Nothing was deployed.");
    expect(sent).toEqual([
      [{ plan_hash: "b".repeat(64), version: "1.1.0" }, expect.stringMatching(/^[\x21-\x7e]{1,64}$/)],
    ]);
  });
});
