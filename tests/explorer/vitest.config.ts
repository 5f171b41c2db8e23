import { defineConfig } from "vitest/config";
import { settings } from "../../dev/backend/testing/settings.js";

// The KV Explorer in a browser, on the development backend: `npm test -- explorer`.
export default defineConfig({
  test: {
    ...settings,
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: ["./support/start.mjs"],
  },
});
