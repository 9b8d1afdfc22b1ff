import { defineConfig } from "vitest/config";

// The tests run against dist/, which is what people install; `npm test` builds it first.
export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx,mjs}"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
