import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/js/**/*.test.ts", "tests/tools/**/*.test.mjs"],
    // The nearest that Vitest has to Convex's runtime: web APIs, no Node.js globals.
    environment: "edge-runtime",
    server: { deps: { inline: ["convex-test"] } },
    // One set of modules for all files of a worker: loading them anew for each costs more than the
    // tests do. A test that needs a module in its first state loads it anew itself.
    isolate: false,
    // A test works one core only.
    maxWorkers: 2,
    // Some tests fill thousands of rows, and the machine may have other work.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    allowOnly: false,
  },
});
