import { defineConfig } from "vitest/config";
import { HANGS_AFTER } from "./dev/backend/testing/limits.mjs";

export default defineConfig({
  test: {
    include: ["tests/js/**/*.test.ts", "tests/tools/**/*.test.mjs"],
    // Convex recommends "edge-runtime" for tests of apps, and some files ask for it. Each access of
    // a global takes so long there that a file takes up to ten times as long.
    environment: "node",
    server: { deps: { inline: ["convex-test"] } },
    // One set of modules for all files of a worker: loading them anew for each costs more than the
    // tests do. A test that needs a module in its first state loads it anew itself.
    isolate: false,
    // A test works one core only.
    maxWorkers: 2,
    execArgv: [
      // Most of what tests make is garbage at once. Threads that collect it would wait for cores.
      ...["--max-semi-space-size=32", "--single-threaded-gc"],
      // For contexts as the development backend makes them. It uses what Node.js calls deprecated.
      ...["--experimental-vm-modules", "--no-warnings"],
    ],
    testTimeout: HANGS_AFTER,
    hookTimeout: HANGS_AFTER,
    allowOnly: false,
  },
});
