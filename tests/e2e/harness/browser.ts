/** Chromium, and pages that watch themselves. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const CANDIDATES = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

export async function launch(): Promise<Browser> {
  const executablePath = CANDIDATES.find((file) => file !== undefined && file !== "" && existsSync(file));
  if (executablePath === undefined) {
    throw new Error(
      "No Chromium was found. Install one (apt-get install chromium), or set CHROMIUM to its path.",
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** One call of the page, once it has ended. */
export interface Call {
  method: string;
  url: string;
  /** Absent when there was no answer. */
  status?: number;
}

export interface Watched {
  readonly page: Page;
  /** Every request of the page, documents and files included. */
  readonly calls: Call[];
  /** Violations of the Content-Security-Policy, wherever they happened. */
  readonly violations: string[];
  /** What the console called an error, and exceptions nobody caught. Failed loads are in `calls`. */
  readonly errors: string[];
  close(): Promise<void>;
}

/** A page in a profile of its own that keeps what goes wrong in it. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const calls: Call[] = [];
  const violations: string[] = [];
  const errors: string[] = [];
  await context.exposeFunction("__violation", (text: string) => {
    violations.push(text);
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = (window as unknown as { __violation(text: string): void }).__violation;
      report(
        `${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber} ${event.sample}`,
      );
    });
  });
  const page = await context.newPage();
  page.on("requestfinished", async (request) => {
    // A page that closes in between takes the answer along; the call was made all the same.
    const response = await request.response().catch(() => null);
    calls.push({
      method: request.method(),
      url: request.url(),
      ...(response && { status: response.status() }),
    });
  });
  page.on("requestfailed", (request) => calls.push({ method: request.method(), url: request.url() }));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // A status of 400 or more is reported here too, and a service worker's file that a test has cut off; which ones are
    // right is for each test to say.
    if (/^(Failed to load resource|An unknown error occurred when fetching the script)/.test(message.text()))
      return;
    errors.push(message.text());
  });
  return { page, calls, violations, errors, close: () => context.close() };
}
