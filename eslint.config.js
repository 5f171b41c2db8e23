import js from "@eslint/js";
import convex from "@convex-dev/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

// What plain JavaScript tools may use without importing it.
const nodeGlobals = Object.fromEntries(
  [
    "console",
    "process",
    "performance",
    "WebAssembly",
    "Buffer",
    "URL",
    "fetch",
    "setTimeout",
    "clearTimeout",
  ].map((name) => [name, "readonly"]),
);

export default defineConfig(
  globalIgnores([
    ".cache/",
    "build/",
    "dist/",
    "js/core/generated/",
    "**/_generated/",
    "tests/package/app/",
  ]),
  js.configs.recommended,
  tseslint.configs.recommended,
  // Convex's own rules, wherever functions and schemas live.
  convex.configs.recommended,
  {
    files: ["convex/**/*.ts", "example/convex/**/*.ts"],
    rules: {
      "@convex-dev/import-wrong-runtime": "error",
      "@convex-dev/no-filter-in-query": "error",
    },
  },
  {
    files: ["**/*.ts"],
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./example/tsconfig.json"],
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: { globals: nodeGlobals },
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
);
