import { expect, test } from "vitest";
import { appFilesOf, problemsOf } from "./appFiles.js";

// What docs/recipes.md has for other frameworks than React compiles, each with its package.

const files = appFilesOf("docs/recipes.md", "Vue, Svelte, Solid");

/** What the app's `_generated/api` is. */
const API = `
import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import type { ApiFromModules } from "convex/server";

declare const component: ComponentApi;
const prefs = kvClientFactory(component).use<string>(["prefs"]);
const functions = prefs.clientApi({ checkRead: () => {}, checkWrite: () => {} });
export declare const api: ApiFromModules<{ prefs: typeof functions }>;
`;

test("there is code for each, which compiles", async () => {
  const packages = [...files.values()].map((code) => /from "(convex-\w+)"/.exec(code)?.[1]);
  expect(packages).toEqual(["convex-vue", "convex-svelte", "convex-solidjs"]);
  expect(await problemsOf(files, API)).toBe("");
});

test("a value of another type compiles with none of them", async () => {
  const wrong = new Map([...files].map(([file, code]) => [file, code.replaceAll("string", "5")]));
  const lines = (await problemsOf(wrong, API)).split("\n");
  for (const file of wrong.keys()) {
    expect(lines.some((line) => line.startsWith(file) && line.includes("error TS"))).toBe(true);
  }
});
