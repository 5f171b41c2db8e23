import { defineConfig } from "vitest/config";
import { settings } from "../../dev/backend/testing/settings.js";

// The hooks for React in a browser, on the development backend: `npm test -- react`.
export default defineConfig({
  test: {
    ...settings,
    root: import.meta.dirname,
    include: ["*.test.ts"],
    globalSetup: ["./support/start.mjs"],
  },
});
