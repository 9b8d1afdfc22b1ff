import { describe, expect, it } from "vitest";
import { blocks, inState, openCanvas, paletteButton } from "./harness/canvas.ts";
import { REQUIRED_SPACE } from "./harness/stack.ts";
import { setStage, stack, watched } from "./harness/stage.ts";

setStage({ faults: true });

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

/** A space that no other test asks for, so that the worker does not know it yet. */
async function someOtherSpace(index: number): Promise<string> {
  const answer = await fetch(`${stack.url}/api/genie/spaces?page_size=100`);
  const { spaces } = (await answer.json()) as { spaces: { space_id: string }[] };
  const id = spaces.map(({ space_id }) => space_id).filter((space) => space !== REQUIRED_SPACE)[index];
  if (id === undefined) throw new Error("The workspace has too few spaces.");
  return id;
}

describe("the workspace goes away and comes back", () => {
  it("the block says so, the worker answers 503, and a retry works without a restart", async () => {
    const { page, calls } = watched;
    const id = await someOtherSpace(0);
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

describe("the page's own rules", () => {
  it("the policy allows WebAssembly and nothing unusual, and a breach would be seen here", async () => {
    const answer = await fetch(stack.url);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");

    const { page } = watched;
    await openCanvas(page, stack.url);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.injected = true";
      document.body.append(script);
    });
    await expect.poll(() => watched.violations.length).toBeGreaterThan(0);
    expect(await page.evaluate(() => "injected" in window)).toBe(false);
    // Meant, so not to be held against the page; Chromium reports it in the console as well.
    expect(watched.errors.every((text) => text.includes("Content Security Policy"))).toBe(true);
    watched.violations.length = 0;
    watched.errors.length = 0;
  });
});

describe("the server itself cannot be reached", () => {
  it("the page says that nothing is lost, and goes on by itself when it is back", async () => {
    const { page } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await paletteButton(page).click();
    await inState(page, "ready");
    await page.context().setOffline(true);
    await blocks(page).getByTestId("block-reload").click();
    const failed = await inState(page, "error");
    expect(await failed.textContent()).toContain("The server cannot be reached.");
    await page.getByTestId("server-banner").waitFor();
    await page.context().setOffline(false);
    await page.getByTestId("server-banner").waitFor({ state: "detached" });
    await inState(page, "ready");
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
    const id = fault === undefined ? `${other}1` : await someOtherSpace(2);
    if (fault) await stack.fault({ match: { path_prefix: "/api/2.0/" }, fault });
    await openCanvas(page, stack.url, id);
    await paletteButton(page).click();
    const failed = await inState(page, "error");
    expect(await failed.textContent()).toContain(words);
    await expect.poll(() => calls.find(({ url }) => url.includes("/api/genie/get"))?.status).toBe(status);
  });

  it("busy: the block waits as long as it was told, and finishes by itself", async () => {
    const { page, calls } = watched;
    // The worker itself tries three times; the fourth call is the block's.
    const id = await someOtherSpace(1);
    await stack.fault({
      match: { path_prefix: `/api/2.0/data-rooms/${id}` },
      fault: { kind: "status", status: 429, retry_after: 1 },
      times: 3,
    });
    await openCanvas(page, stack.url, id);
    await paletteButton(page).click();
    const waiting = await inState(page, "waiting");
    expect(await waiting.getByTestId("retry-at").textContent()).toMatch(/Trying again at/);
    await inState(page, "ready");
    const statuses = calls.filter(({ url }) => url.includes("/api/genie/get")).map(({ status }) => status);
    expect(statuses).toEqual([429, 200]);
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
      .poll(() => calls.find(({ url }) => url.includes(`/api/genie/get?space_id=${id}`)))
      .toEqual({
        method: "GET",
        url: `${stack.url}/api/genie/get?space_id=${id}`,
      });
    expect(await blocks(page).count()).toBe(0);
  });
});
