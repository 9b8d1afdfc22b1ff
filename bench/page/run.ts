/** Measures the review page: see README.md. */
import { gzipSync } from "node:zlib";
import type { CDPSession, Page } from "playwright-core";
import { launch, openPage } from "../../tests/e2e/harness/browser.ts";
import { completePlan, openGroup, openReview, sql } from "../../tests/e2e/harness/review.ts";
import { startStack } from "../../tests/e2e/harness/stack.ts";
import { context, payloadOf } from "../../tests/e2e/links.ts";

const rounds = Number(process.argv[2] ?? 15);
const columns = Array.from({ length: 200 }, (_, n) => `column_${String(n).padStart(3, "0")}`);
const table = "main.raw.wide";
const wide = {
  ...context,
  validated_tables: [table],
  validated_columns: { [table]: columns },
  column_types: {},
  keys: { [table]: ["column_000"] },
  exploration_queries: [],
};

/** Notes, in the page's own clock, when SQL is first shown and whenever it changes after a key. */
function observe(): void {
  const seen = { first: 0, key: 0, gaps: [] as number[], frames: [] as number[] };
  Object.assign(window, { seen });
  let text = "";
  const look = () => {
    const now = document.querySelector('[data-testid="sql"]')?.textContent ?? "";
    if (now === "" || now === text) return;
    text = now;
    if (seen.first === 0) seen.first = performance.now();
    if (seen.key === 0) return;
    const { key } = seen;
    seen.key = 0;
    seen.gaps.push(performance.now() - key);
    // A message that is sent before a frame arrives behind it.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => seen.frames.push(performance.now() - key);
      port2.postMessage(null);
    });
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  window.addEventListener(
    "keydown",
    () => {
      seen.key = performance.now();
    },
    true,
  );
}

interface Seen {
  readonly seen: { first: number; gaps: number[]; frames: number[] };
}
const read = (page: Page) => page.evaluate(() => (window as unknown as Seen).seen);
const slow = (session: CDPSession, rate: number) => session.send("Emulation.setCPUThrottlingRate", { rate });

function report(name: string, values: readonly number[]): void {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  console.log(`${name}: median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms (${sorted.length})`);
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

const stack = await startStack();
const browser = await launch();
try {
  const { page, close } = await openPage(browser);
  await page.addInitScript(observe);
  const parts = new Map<string, number>();
  page.on("response", async (response) => {
    const { pathname } = new URL(response.url());
    if (!/\.(?:js|css|wasm)$/.test(pathname) || parts.has(pathname)) return;
    parts.set(pathname, 0);
    const body = await response.body().catch(() => Buffer.alloc(0));
    parts.set(pathname, gzipSync(body, { level: 9 }).length);
  });
  await openReview(page, stack.url, payloadOf(wide));
  // Nobody has touched anything: what is here by now came by itself.
  await page.waitForLoadState("networkidle");

  const suggests = (name: string) => /\/suggest(?:_bg)?-/.test(name);
  const edits = (name: string) => name.includes("/EditorCard-");
  const total = (wanted: (name: string) => boolean) =>
    [...parts].filter(([name]) => wanted(name)).reduce((sum, [, size]) => sum + size, 0);
  for (const [name, size] of parts) console.log(`  ${name}: ${kilobytes(size)}`);
  const code = (name: string) => !suggests(name) && !edits(name);
  const isWasm = (name: string) => name.endsWith(".wasm");
  console.log(
    `transferred, gzip: first ${kilobytes(total(code))} (JavaScript and styles ${kilobytes(
      total((name) => code(name) && !isWasm(name)),
    )}), editor ${kilobytes(total(edits))}, suggesting ${kilobytes(total(suggests))}`,
  );
  const files = (await page.locator('meta[name="files"]').getAttribute("content")) ?? "";
  let later = 0;
  for (const file of files.split(" ").filter((name) => !parts.has(name))) {
    const response = await fetch(new URL(file, stack.url));
    later += gzipSync(Buffer.from(await response.arrayBuffer()), { level: 9 }).length;
  }
  console.log(`loaded when it is wanted, and kept for the time without a network: ${kilobytes(later)}`);
  await completePlan(page, { key: "column_000" });
  await sql(page).waitFor();

  const session = await page.context().newCDPSession(page);
  const firsts: number[] = [];
  await slow(session, 4);
  for (let round = 0; round < rounds; round += 1) {
    await page.reload();
    await sql(page).waitFor();
    firsts.push((await read(page)).first);
  }
  report("navigation to SQL, processor slowed down 4 times", firsts);

  for (const rate of [1, 4]) {
    await slow(session, rate);
    const source = await openGroup(page, "source");
    const filter = source.getByLabel("Filter", { exact: true });
    await filter.fill("column_001 > 1");
    await sql(page).waitFor();
    const before = (await read(page)).frames.length;
    await filter.press("End");
    for (let round = 0; round < rounds * 2; round += 1) {
      const known = (await read(page)).frames.length;
      await page.keyboard.press(String(round % 10));
      await page.waitForFunction((count) => (window as unknown as Seen).seen.frames.length > count, known);
    }
    const { gaps, frames } = await read(page);
    const how = `200 columns, processor ${rate === 1 ? "as it is" : "slowed down 4 times"}`;
    report(`key press to SQL, ${how}`, gaps.slice(before));
    report(`key press to the frame that shows it, ${how}`, frames.slice(before));
  }
  await close();
} finally {
  await browser.close();
  await stack.stop();
}
