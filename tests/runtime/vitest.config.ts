import { defineConfig } from "vitest/config";
import { settings } from "../../dev/backend/testing/settings.js";

// The package as it ships, in a separate app, on the development backend, through the official
// clients: `npm test -- runtime`.
export default defineConfig({
  test: {
    ...settings,
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: ["./support/installApp.mjs"],
  },
});
