import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launch, openPage, type Watched } from "./harness/browser.ts";
import { blocks, inState, openCanvas, paletteButton } from "./harness/canvas.ts";
import { REQUIRED_SPACE, type Stack, startStack } from "./harness/stack.ts";

let stack: Stack;
let browser: Browser;
let watched: Watched;

beforeAll(async () => {
  stack = await startStack();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});
beforeEach(async () => {
  await stack.clearFaults();
  await stack.forgetRequests();
  watched = await openPage(browser);
});
afterEach(async () => {
  expect(watched.violations).toEqual([]);
  expect(watched.errors).toEqual([]);
  await watched.close();
});

const dataRoom = `/api/2.0/data-rooms/${REQUIRED_SPACE}`;

describe("page -> worker -> workspace", () => {
  it("the page calls the worker and nobody else; the worker calls the workspace", async () => {
    const { page, calls } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await paletteButton(page).click();
    await inState(page, "ready");
    expect(calls.length).toBeGreaterThan(3);
    expect([...new Set(calls.map(({ url }) => new URL(url).origin))]).toEqual([new URL(stack.url).origin]);
    expect(calls).toContainEqual({
      method: "GET",
      url: `${stack.url}/api/genie/get?space_id=${REQUIRED_SPACE}`,
      status: 200,
    });
    const upstream = (await stack.requests()).filter(({ path }) => path === dataRoom);
    expect(upstream).toEqual([expect.objectContaining({ method: "GET", status: 200 })]);
    // What the workspace trusts never reaches the page.
    const seen = await page.evaluate(
      () => `${document.documentElement.outerHTML}${JSON.stringify({ ...localStorage, ...sessionStorage })}`,
    );
    expect(seen).not.toContain("emulator-token");
    expect(seen).not.toContain(stack.emulatorUrl);
  });

  it("an emulated workspace is named on the screen", async () => {
    const { page } = watched;
    await openCanvas(page, stack.url);
    const badge = page.getByTestId("emulator-badge");
    await badge.waitFor();
    expect(await badge.textContent()).toMatch(/emulator/i);
    await page.getByText("Open mode: anyone on this machine can call the server.").first().waitFor();
  });
});

describe("the workspace goes away and comes back", () => {
  it("the block says so, the worker answers 503, and a retry works without a restart", async () => {
    const { page, calls } = watched;
    // Another space than above: the worker may still know that one.
    const spaces = (await (await fetch(`${stack.url}/api/genie/spaces?page_size=5`)).json()) as {
      spaces: { space_id: string }[];
    };
    const id = spaces.spaces.map(({ space_id }) => space_id).find((space) => space !== REQUIRED_SPACE) ?? "";
    expect(id).toHaveLength(32);
    await stack.killEmulator();
    try {
      await openCanvas(page, stack.url, id);
      await paletteButton(page).click();
      const failed = await inState(page, "error");
      const words = (await failed.textContent()) ?? "";
      expect(words).toContain("The server cannot reach Databricks.");
      expect(words).toContain("503");
      expect(words).toContain("upstream_unreachable");
      const answer = await fetch(`${stack.url}/api/genie/get?space_id=${id}`, {
        headers: { "cache-control": "no-cache" },
      });
      expect(answer.status).toBe(503);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      expect(await answer.json()).toMatchObject({ code: "upstream_unreachable", retryable: true });
      // The id on the screen is the one in the server's log.
      expect(words).toMatch(/Request id/);
      await failed.getByTestId("block-retry").click();
      await inState(page, "error");
    } finally {
      await stack.startEmulator();
    }
    await expect
      .poll(
        async () => {
          const retry = blocks(page).getByTestId("block-retry");
          if (await retry.isVisible()) await retry.click();
          return blocks(page).getAttribute("data-state");
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe("ready");
    expect(await blocks(page).getAttribute("data-space-id")).toBe(id);
    const statuses = calls.filter(({ url }) => url.includes("/api/genie/get")).map(({ status }) => status);
    expect(statuses).toContain(503);
    expect(statuses.at(-1)).toBe(200);
  });
});

describe("what else a workspace can do", () => {
  const other = "0".repeat(31);

  it.each([
    ["no such space", 404, "There is no such space", undefined],
    [
      "the server's credential refused",
      502,
      "Databricks did not accept the server's own credential",
      { kind: "status", status: 401 },
    ],
    ["nonsense", 502, "Databricks gave an answer that is no space", { kind: "broken_json" }],
    ["a redirect", 502, "Databricks gave an answer that is no space", { kind: "redirect" }],
  ])("%s", async (_, status, words, fault) => {
    const { page, calls } = watched;
    const id = `${other}${status === 404 ? "1" : "2"}`;
    if (fault) await stack.fault({ match: { path_prefix: "/api/2.0/" }, fault });
    await openCanvas(page, stack.url, id);
    await paletteButton(page).click();
    const failed = await inState(page, "error");
    expect(await failed.textContent()).toContain(words);
    expect(calls.find(({ url }) => url.includes("/api/genie/get"))?.status).toBe(status);
  });

  it("busy: the block waits as long as it was told, and finishes by itself", async () => {
    const { page } = watched;
    // As often as the worker tries on its own account, and once more.
    await stack.fault({
      match: { path_prefix: dataRoom },
      fault: { kind: "status", status: 429, retry_after: 3 },
      times: 1,
    });
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await fetch(`${stack.url}/health`);
    await page.route("**/api/genie/get**", (route) =>
      route.continue({ headers: { ...route.request().headers(), "cache-control": "no-cache" } }),
    );
    await paletteButton(page).click();
    await inState(page, "waiting");
    await blocks(page).getByTestId("retry-at").waitFor();
    await inState(page, "ready");
  });

  it("silent: the wait has a name, and can be stopped", async () => {
    const { page } = watched;
    const id = `${other}3`;
    await stack.fault({ match: { path_prefix: `/api/2.0/data-rooms/${id}` }, fault: { kind: "hang" } });
    await openCanvas(page, stack.url, id);
    await paletteButton(page).click();
    const loading = await inState(page, "loading");
    expect(await loading.textContent()).toContain("Reading the space");
    await loading.getByTestId("block-stop").click();
    const stopped = await inState(page, "stopped");
    expect(await stopped.textContent()).toContain("Stopped before the space was read.");
    await stack.clearFaults();
    await stopped.getByTestId("block-retry").click();
    await inState(page, "error");
  });

  it("a block that is deleted while it waits ends its call", async () => {
    const { page, calls } = watched;
    const id = `${other}4`;
    await stack.fault({ match: { path_prefix: `/api/2.0/data-rooms/${id}` }, fault: { kind: "hang" } });
    await openCanvas(page, stack.url, id);
    await paletteButton(page).click();
    const loading = await inState(page, "loading");
    await loading.getByTestId("block-delete").click();
    await expect
      .poll(() => calls.find(({ url }) => url.includes(id)))
      .toEqual({
        method: "GET",
        url: `${stack.url}/api/genie/get?space_id=${id}`,
      });
    expect(await blocks(page).count()).toBe(0);
  });
});
