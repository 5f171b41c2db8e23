import js from "@eslint/js";
import convex from "@convex-dev/eslint-plugin";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

// What plain JavaScript tools may use without importing it: all that the Node.js here has.
const nodeGlobals = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis).map((name) => [name, "readonly"]),
);

export default defineConfig(
  globalIgnores([
    "**/.cache/",
    "build/",
    "**/dist/",
    "js/core/generated/",
    "**/_generated/",
    "tests/package/app/",
    "tests/package/settings/",
  ]),
  js.configs.recommended,
  tseslint.configs.recommended,
  // Convex's own rules, wherever functions, schemas and what functions are made of live.
  convex.configs.recommended,
  convex.configs.recommended.map((config) => ({ ...config, files: ["js/component/**/*.ts"] })),
  {
    files: ["convex/**/*.ts", "js/component/**/*.ts", "example/convex/**/*.ts"],
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.build.json", "./example/tsconfig.json"],
      },
    },
    rules: {
      "@convex-dev/import-wrong-runtime": "error",
      "@convex-dev/no-filter-in-query": "error",
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["explorer/page/**/*.{ts,tsx}", "js/react/**/*.ts", "tests/react/page/**/*.{ts,tsx}"],
    ...reactHooks.configs.flat.recommended,
  },
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: { globals: nodeGlobals },
  },
  {
    // Prettier and clang-format wrap all but the comments of TypeScript and JavaScript.
    ignores: ["convex/**", "js/client/**", "js/component/**"],
    rules: {
      "max-len": [
        "error",
        { code: 1_000_000, comments: 100, ignoreUrls: true, ignorePattern: "eslint-disable" },
      ],
    },
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
);
