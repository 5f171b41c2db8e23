import { defineConfig } from "vitest/config";
import { HANGS_AFTER } from "../../dev/backend/testing/limits.mjs";

// The KV Explorer in a browser, on the development backend: `npm test -- explorer`.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    environment: "node",
    globalSetup: ["./support/start.mjs"],
    // The files of a worker share a connection to the browser: support/page.ts.
    isolate: false,
    testTimeout: HANGS_AFTER,
    hookTimeout: HANGS_AFTER,
    expect: { poll: { timeout: HANGS_AFTER } },
    allowOnly: false,
    // They share a backend and a browser, and each has separate keys.
    maxWorkers: 2,
  },
});
