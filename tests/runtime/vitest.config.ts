import { defineConfig } from "vitest/config";
import { HANGS_AFTER } from "../../dev/backend/testing/limits.mjs";

// The package as it ships, in a separate app, on the development backend, through the official
// clients: `npm test -- runtime`.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    environment: "node",
    globalSetup: ["./support/installApp.mjs"],
    // The files of a worker share backends, one file after another:
    // dev/backend/testing/ownBackend.ts.
    isolate: false,
    testTimeout: HANGS_AFTER,
    hookTimeout: HANGS_AFTER,
    expect: { poll: { timeout: HANGS_AFTER } },
    allowOnly: false,
    // They wait for backends, which are separate processes: one worker would leave a core idle.
    maxWorkers: 2,
  },
});
