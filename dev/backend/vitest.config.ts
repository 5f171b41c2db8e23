import { defineConfig } from "vitest/config";
import { HANGS_AFTER } from "./testing/limits.mjs";

// What the backend enforces, and what it answers: `npm test` in this folder.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["tests/**/*.test.ts"],
    environment: "node",
    globalSetup: ["./tests/support/scratch.ts"],
    // The files of a worker share backends, one file after another: testing/ownBackend.ts.
    isolate: false,
    testTimeout: HANGS_AFTER,
    hookTimeout: HANGS_AFTER,
    expect: { poll: { timeout: HANGS_AFTER } },
    allowOnly: false,
    // They wait for backends, which are separate processes: one worker would leave a core idle.
    maxWorkers: 2,
  },
});
