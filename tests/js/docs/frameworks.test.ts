import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

// What docs/recipes.md has for other frameworks than React compiles, each with its package.

const [, section] = readFileSync("docs/recipes.md", "utf8").match(
  /^## Vue, Svelte, Solid\n([^]*?)^## /m,
)!;
const blocks = [...section!.matchAll(/^```ts\n\/\/ (\S+)\n([^]*?)^```$/gm)];
const files = new Map(blocks.map(([, file, code]) => [file!, code!]));

/** What the app's `_generated/api` is. */
const API = `
import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import type { ApiFromModules } from "convex/server";

declare const component: ComponentApi;
const prefs = kvClientFactory(component).use<string>(["prefs"]);
const functions = prefs.clientApi({ checkRead: () => {}, checkWrite: () => {} });
export declare const api: ApiFromModules<{ prefs: typeof functions }>;
`;

/** What the compiler says. */
function problemsOf(files: ReadonlyMap<string, string>): string {
  mkdirSync(".cache", { recursive: true });
  const app = mkdtempSync(`${resolve(".cache")}/frameworks-`);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(app, file)), { recursive: true });
    writeFileSync(join(app, file), text);
  };
  try {
    for (const [file, code] of files) write(file, code);
    write("convex/_generated/api.ts", API);
    write("tsconfig.json", JSON.stringify({ extends: "../../tsconfig.json", include: ["."] }));
    const args = [resolve("node_modules/typescript-7/bin/tsc"), "--pretty", "false"];
    return spawnSync(process.execPath, args, { cwd: app, encoding: "utf8" }).stdout;
  } finally {
    rmSync(app, { recursive: true });
  }
}

test("there is code for each, which compiles", () => {
  const packages = [...files.values()].map((code) => /from "(convex-\w+)"/.exec(code)?.[1]);
  expect(packages).toEqual(["convex-vue", "convex-svelte", "convex-solidjs"]);
  expect(problemsOf(files)).toBe("");
});

test("a value of another type compiles with none of them", () => {
  const wrong = new Map([...files].map(([file, code]) => [file, code.replaceAll("string", "5")]));
  const lines = problemsOf(wrong).split("\n");
  for (const file of wrong.keys()) {
    expect(lines.some((line) => line.startsWith(file) && line.includes("error TS"))).toBe(true);
  }
});
