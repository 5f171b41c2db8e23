import { defineConfig } from "vitest/config";

// The package as it ships, in an app of its own, on the development backend, through the official
// clients: `npm test -- runtime`.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    environment: "node",
    globalSetup: ["./support/installApp.mjs"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    allowOnly: false,
    // They wait for backends, which are processes of their own: one worker would leave a core idle.
    maxWorkers: 2,
  },
});
