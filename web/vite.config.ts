import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { chunkLoader, filesOfPage, sharedWith } from "./vite/chunks";

/** Where `vite dev` sends API calls: a running worker. `vite build` does not use it. */
const worker = process.env.WORKER_URL ?? "http://127.0.0.1:8787";
const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  plugins: [react(), chunkLoader(), filesOfPage("/handoff.html")],
  // `.env.local` holds Databricks credentials for start.sh. Nothing of it may ever reach a bundle.
  envDir: false,
  build: {
    // Every browser below knows module preloading.
    modulePreload: { polyfill: false },
    // The first releases with `light-dark()`, which the colour tokens use.
    target: ["chrome123", "edge123", "firefox120", "safari17.5"],
    // `data:` scripts and styles are blocked by the content security policy.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        canvas: page("index.html"),
        handoff: page("handoff.html"),
        plans: page("plans.html"),
        audit: page("audit.html"),
      },
      output: {
        codeSplitting: {
          groups: [
            {
              name: sharedWith(page("handoff.html"), ["index.html", "plans.html", "audit.html"].map(page)),
              // An import leads to more than what is used of it; this counts what is used.
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": worker, "/health": worker, "/.well-known": worker },
  },
  preview: { host: "127.0.0.1" },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    environment: "node",
  },
});
