import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/js/**/*.test.ts", "tests/tools/**/*.test.mjs"],
    // The nearest that Vitest has to Convex's runtime: web APIs, no Node.js globals.
    environment: "edge-runtime",
    server: { deps: { inline: ["convex-test"] } },
    allowOnly: false,
  },
});
