import { defineConfig } from "vitest/config";
import { settings } from "../../dev/backend/testing/settings.js";

// The command line as a process, as it is built, on the development backend: `npm test -- cli`. The
// app that it works on has the component twice, and no functions.
export default defineConfig({
  test: {
    ...settings,
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: ["./support/start.mjs"],
  },
});
