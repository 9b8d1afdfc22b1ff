/** Takes the pictures in docs/screenshots/: every state in light and dark, and on a small screen. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { handoffStates } from "./handoff-states.ts";
import { launch, openPage } from "./harness/browser.ts";
import { startStack } from "./harness/stack.ts";
import { planStates } from "./plan-states.ts";
import { reviewStates } from "./review-states.ts";
import { states } from "./states.ts";

const folder = path.resolve(import.meta.dirname, "../../docs/screenshots");
const screens = [
  { suffix: "light", options: { colorScheme: "light" } },
  { suffix: "dark", options: { colorScheme: "dark" } },
  { suffix: "360", options: { colorScheme: "light", viewport: { width: 360, height: 740 } } },
] as const;
const wanted = process.argv.slice(2);
const all = [
  ...states.map((state) => ({ ...state, name: `canvas-${state.name}` })),
  ...handoffStates,
  ...planStates,
  ...reviewStates,
];

mkdirSync(folder, { recursive: true });
const stack = await startStack();
const browser = await launch();
try {
  for (const { suffix, options } of screens) {
    for (const { name, enter } of all) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const watched = await openPage(browser, { ...options, reducedMotion: "reduce" });
      await enter(watched.page, stack);
      if (name.startsWith("canvas-") && name !== "canvas-empty")
        await watched.page.getByText("Saved in this browser").first().waitFor({ state: "attached" });
      await watched.page.screenshot({ path: path.join(folder, `${name}-${suffix}.png`) });
      await watched.close();
      await stack.clearFaults();
      console.log(`${name}-${suffix}.png`);
    }
  }
} finally {
  await browser.close();
  await stack.stop();
}
