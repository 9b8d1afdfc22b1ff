import { defineConfig } from "vitest/config";

// One file after the other: each has its own server, emulator and browser, and two cores are plenty for one of them.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["verbose"],
  },
});
