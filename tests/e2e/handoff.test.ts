import { beforeAll, describe, expect, it } from "vitest";
import { openContent, openHandoff, publishKeys } from "./handoff-states.ts";
import { blocks, inState, openCanvas, paletteButton, tabTo } from "./harness/canvas.ts";
import { REQUIRED_SPACE } from "./harness/stack.ts";
import { setStage, stack, watched } from "./harness/stage.ts";
import { context, payloadOf, signed } from "./links.ts";

setStage();
let host: string;
beforeAll(() => {
  host = new URL(stack.url).host;
});

const intent = "Events per customer and day, every morning before 7";

describe("from a block to a link", () => {
  it("by keyboard alone: block, words, link, and the page that opens it", async () => {
    const { page } = watched;
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await paletteButton(page).focus();
    await page.keyboard.press("Enter");
    await inState(page, "ready");
    await tabTo(page, blocks(page).getByTestId("block-pipeline"));
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Create production pipeline" });
    await dialog.waitFor();

    // Without words it does not go on, and says so where the focus is.
    await tabTo(page, dialog.getByTestId("pipeline-make"));
    await page.keyboard.press("Enter");
    await dialog.getByTestId("intent-missing").waitFor();
    const field = dialog.getByTestId("pipeline-intent");
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);

    await page.keyboard.type(`${intent}, to ada@example.com`);
    // The address is marked before a link exists; "Show" selects it, and typing replaces it.
    const found = dialog.getByTestId("intent-findings");
    await found.waitFor();
    expect(await found.locator("mark").allTextContents()).toEqual(["ada@example.com"]);
    await tabTo(page, found.getByRole("button", { name: /^Show/ }));
    await page.keyboard.press("Enter");
    await page.keyboard.type("the success team");
    await found.waitFor({ state: "detached" });
    await tabTo(page, dialog.getByTestId("pipeline-make"));
    await page.keyboard.press("Enter");

    const copy = page.getByTestId("pipeline-copy");
    await copy.waitFor();
    await expect.poll(() => copy.evaluate((element) => element === document.activeElement)).toBe(true);
    const link = await page.getByTestId("pipeline-url").inputValue();
    expect(link.startsWith(`${stack.url}/`)).toBe(true);
    expect(await page.getByTestId("pipeline-link").textContent()).toContain(`${link.length} characters`);
    await tabTo(page, page.getByTestId("pipeline-open"));
    const [opened] = await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("Enter")]);
    await opened.locator('[data-testid="handoff"][data-state="open"]').waitFor();
    expect(await opened.getByTestId("intent").textContent()).toBe(`${intent}, to the success team`);
    await openContent(opened);
    expect(await opened.getByTestId("table").count()).toBeGreaterThan(0);
    expect(await opened.getByTestId("handoff").textContent()).toContain(REQUIRED_SPACE);
    await opened.close();

    // Escape closes, the focus is back, and the words are still there.
    await page.keyboard.press("Escape");
    const button = blocks(page).getByTestId("block-pipeline");
    await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    expect(await page.getByTestId("pipeline-intent").inputValue()).toBe(`${intent}, to the success team`);
  });

  it("where the server makes no links and has no key, the page makes one and says that it is unsigned", async () => {
    const { page } = watched;
    await page.route("**/api/handoffs", (route) =>
      route.fulfill({
        status: 404,
        contentType: "application/problem+json",
        json: { code: "route_unknown", title: "There is nothing at this address", status: 404 },
      }),
    );
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await paletteButton(page).click();
    await (await inState(page, "ready")).getByTestId("block-pipeline").click();
    await page.getByTestId("pipeline-intent").fill(intent);
    await page.getByTestId("pipeline-make").click();
    const made = page.getByTestId("pipeline-link");
    await made.waitFor();
    expect(await made.getAttribute("data-unsigned")).toBe("no-key");
    expect(await made.textContent()).toContain("Unsigned");
  });

  it("copies without permission for the clipboard", async () => {
    const { page } = watched;
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: () => Promise.reject(new DOMException("no", "NotAllowedError")) },
      });
      document.addEventListener("copy", () => {
        const { activeElement } = document;
        if (!(activeElement instanceof HTMLTextAreaElement)) return;
        const { selectionStart, selectionEnd, value } = activeElement;
        document.documentElement.dataset.copied = value.slice(selectionStart, selectionEnd);
      });
    });
    await openCanvas(page, stack.url, REQUIRED_SPACE);
    await paletteButton(page).click();
    await (await inState(page, "ready")).getByTestId("block-pipeline").click();
    await page.getByTestId("pipeline-intent").fill(intent);
    await page.getByTestId("pipeline-make").click();
    await page.getByTestId("pipeline-copy").click();
    await expect.poll(() => page.getByTestId("announcements").textContent()).toContain("Copied");
    const copied = await page.evaluate(() => document.documentElement.dataset.copied);
    expect(copied).toBe(await page.getByTestId("pipeline-url").inputValue());
  });
});

describe("the page that opens a link", () => {
  it("takes the link out of the address before it asks the server for anything, and a reload keeps it", async () => {
    const { page, calls } = watched;
    await page.addInitScript(() => {
      const asked: string[] = [];
      const { fetch } = window;
      window.fetch = (...call) => {
        asked.push(window.location.href);
        return fetch(...call);
      };
      Object.assign(window, { __asked: asked });
    });
    await openHandoff(page, stack.url, `#context=${payloadOf()}`, "open");
    expect(page.url()).toBe(`${stack.url}/handoff`);
    expect(await page.getByTestId("intent").textContent()).toBe(context.user_intent);
    expect(await page.getByTestId("signature").getAttribute("data-trust")).toBe("unsigned");
    expect(await page.getByTestId("signature").textContent()).toContain("Unsigned");
    // Local time with its zone; UTC on hover.
    expect(await page.getByTestId("created").getAttribute("title")).toBe(context.created_at);
    await page.reload();
    await page.getByTestId("intent").waitFor();
    expect(calls.length).toBeGreaterThan(3);
    expect(calls.filter(({ url }) => url.includes("context="))).toEqual([]);
    const addresses = await page.evaluate(() => (window as unknown as { __asked: string[] }).__asked);
    expect([...new Set(addresses)]).toEqual([`${stack.url}/handoff`]);
  });

  it("opens a link with a query, and another one in the same tab", async () => {
    const { page } = watched;
    await openHandoff(page, stack.url, `?context=${payloadOf()}`, "open");
    expect(page.url()).toBe(`${stack.url}/handoff`);
    await page.evaluate(
      (payload) => {
        window.location.hash = `context=${payload}`;
      },
      payloadOf({ ...context, user_intent: "Something else" }),
    );
    await expect.poll(() => page.getByTestId("intent").textContent()).toBe("Something else");
    expect(page.url()).toBe(`${stack.url}/handoff`);
  });

  it.each([
    ["valid", {}, "Signed by"],
    ["expired", { expires: 1_700_000_000 }, "Expired"],
    ["wrong_audience", { host: "other.example.com" }, "Made for another host"],
    ["unknown_key", { keyId: "k2" }, "Signature not known"],
  ])("says in words that a signature is %s", async (trust, claims, words) => {
    const { page } = watched;
    await publishKeys(page);
    await openHandoff(page, stack.url, `#context=${signed(payloadOf(), { host, ...claims })}`, "open");
    const card = page.getByTestId("signature");
    expect(await card.getAttribute("data-trust")).toBe(trust);
    expect(await card.textContent()).toContain(words);
  });

  it("refuses a link that was changed after it was signed, and shows nothing of it", async () => {
    const { page } = watched;
    await publishKeys(page);
    const carried = payloadOf({ ...context, user_intent: "Copy everything elsewhere" });
    await page.addInitScript(() => {
      // Nothing of it may be on the page, not even for a moment.
      new MutationObserver(() => {
        if (document.body?.textContent?.includes("Copy everything"))
          document.documentElement.dataset.leaked = "";
      }).observe(document, { childList: true, subtree: true, characterData: true });
    });
    await openHandoff(page, stack.url, `#context=${signed(payloadOf(), { host, carried })}`, "tampered");
    expect(await page.getByTestId("refused").textContent()).toContain("changed after it was signed");
    expect(await page.evaluate(() => document.documentElement.dataset.leaked)).toBeUndefined();
  });

  it.each([
    ["link_damaged", () => payloadOf().replace(/.$/, (last) => (last === "A" ? "B" : "A"))],
    ["link_damaged", () => payloadOf().slice(0, 40)],
    ["link_version_unknown", () => "c123456789"],
    ["too_large", () => `b${"x".repeat(66_000)}`],
    ["context_invalid", () => Buffer.from('{"a":1}').toString("base64url")],
  ])("refuses with %s", async (code, payload) => {
    const { page } = watched;
    await openHandoff(page, stack.url, `#context=${payload()}`, "refused");
    expect(await page.getByTestId("refused").getAttribute("data-code")).toBe(code);
    // The way on: another link, pasted.
    await page.getByTestId("paste-link").fill(`https://elsewhere.example/handoff#context=${payloadOf()}`);
    await page.keyboard.press("Enter");
    await page.getByTestId("intent").waitFor();
  });

  it("opens with the server gone, says what was not checked, and checks when asked again", async () => {
    const { page } = watched;
    await publishKeys(page);
    await openHandoff(page, stack.url, "", "empty");
    // The code that reads links is fetched once and then in the cache of the browser, as after any earlier visit.
    await page.getByTestId("paste-link").fill(payloadOf());
    await page.keyboard.press("Enter");
    await page.getByTestId("intent").waitFor();
    await page.unroute("**/.well-known/genie-handoff.json");
    await page.context().setOffline(true);
    await page.getByTestId("paste-link").fill(signed(payloadOf(), { host }));
    await page.keyboard.press("Enter");
    const card = page.getByTestId("signature");
    await expect.poll(() => card.getAttribute("data-trust")).toBe("unreachable");
    expect(await card.textContent()).toContain("Signature not checked");
    await page.context().setOffline(false);
    await publishKeys(page);
    await page.getByTestId("check-again").click();
    await expect.poll(() => card.getAttribute("data-trust")).toBe("valid");
  });

  it("tries again when its code could not be loaded", async () => {
    const { page } = watched;
    await page.route("**/*.wasm", (route) => route.abort());
    await openHandoff(page, stack.url, `#context=${payloadOf()}`, "no-code");
    await page.unroute("**/*.wasm");
    await page.getByTestId("retry").click();
    await page.getByTestId("intent").waitFor();
  });

  it("gives the context as JSON, and forgets the link", async () => {
    const { page } = watched;
    await openHandoff(page, stack.url, `#context=${payloadOf()}`, "open");
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId("download").click()]);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const given = JSON.parse(Buffer.concat(chunks).toString()) as typeof context;
    expect(given.validated_tables).toEqual(context.validated_tables);
    expect(payloadOf(given)).toBe(payloadOf());
    await page.getByTestId("forget").click();
    await page.reload();
    await page.locator('[data-testid="handoff"][data-state="empty"]').waitFor();
  });

  it("shows hostile names as text", async () => {
    const { page } = watched;
    const name = "a.b.<img src=x onerror=document.title='ran'>";
    const given = { ...context, validated_tables: [name, "a.b.\u202etxt"], validated_columns: {} };
    await openHandoff(page, stack.url, `#context=${payloadOf(given)}`, "open");
    await openContent(page);
    const tables = page.getByTestId("table");
    expect(await tables.first().textContent()).toContain(name);
    expect(await tables.nth(1).textContent()).toContain("U+202E");
    expect(await page.getByTestId("handoff").textContent()).not.toContain("\u202e");
    expect(await page.locator("main img").count()).toBe(0);
    expect(await page.title()).not.toBe("ran");
  });
});
