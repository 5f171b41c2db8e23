import { defineConfig } from "vitest/config";
import { settings } from "./testing/settings.js";

// What the backend enforces, and what it answers: `npm test` in this folder.
export default defineConfig({
  test: {
    ...settings,
    root: import.meta.dirname,
    include: ["tests/**/*.test.ts"],
    globalSetup: ["./tests/support/scratch.ts"],
  },
});
