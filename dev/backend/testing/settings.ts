import { HANGS_AFTER } from "./limits.mjs";

/** How vitest runs tests against backends, of which each is a separate process. */
export const settings = {
  environment: "node",
  // The files of a worker share backends, and whatever else they connect to, one file after
  // another: ownBackend.ts.
  isolate: false,
  testTimeout: HANGS_AFTER,
  hookTimeout: HANGS_AFTER,
  expect: { poll: { timeout: HANGS_AFTER } },
  allowOnly: false,
  // They wait for other processes: one worker would leave a core idle.
  maxWorkers: 2,
} as const;
