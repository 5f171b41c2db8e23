import { defineConfig } from "vitest/config";

// The KV Explorer in a browser, on the development backend: `npm test -- explorer`.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    environment: "node",
    globalSetup: ["./support/start.mjs"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 25_000 } },
    allowOnly: false,
    // They share a backend and a browser, and each has keys of its own.
    maxWorkers: 2,
  },
});
