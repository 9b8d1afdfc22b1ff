import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.mjs"],
    globalSetup: ["./prepare.mjs"],
    // Builds are heavy: several at once only slow each other down.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
