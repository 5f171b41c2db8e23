import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundle } from "../support/bundle.js";

// What Convex's runtime refuses must not be in what is deployed, and what is deployed must not be
// more than it needs.

const forbidden: [string, RegExp][] = [
  ["import.meta", /\bimport\s*\.\s*meta\b/],
  ["new Function", /\bnew\s+Function\b/],
  ["Function()", /(?<![\w$.])Function\s*\(/],
  ["eval()", /(?<![\w$])eval\s*\(/],
  ["require()", /(?<![\w$])require\s*\(/],
  ["import()", /(?<![\w$])import\s*\(/],
  ["import from outside", /^\s*(?:import|export)\b[^;]*\bfrom\s*["']/m],
];

const noTopLevelAwait = { supported: { "top-level-await": false } };

test("the patterns find what they are for", () => {
  const samples: Record<string, string> = {
    "import.meta": "x = import . meta.url",
    "new Function": "new  Function('a')",
    "Function()": "f = Function('a')",
    "eval()": "y=eval (x)",
    "require()": 'var fs=require("fs")',
    "import()": "await import('x')",
    "import from outside": 'import { a } from "b";',
  };
  for (const [name, pattern] of forbidden) expect(samples[name]).toMatch(pattern);
});

describe.for(["point", "kv", "jobs", "schema", "convex.config"])("the bundle of %s.js", (name) => {
  const entry = `dist/convex/${name}.js`;

  test.for(forbidden)("holds no %s", async ([, pattern]) => {
    // convex.config refers to the library's own module, which the platform resolves.
    expect((await bundle(entry)).text).not.toMatch(pattern);
  });

  test("has no top-level await", async () => {
    await expect(bundle(entry, noTopLevelAwait)).resolves.toBeDefined();
  });
});

test("a top-level await would be found", async () => {
  await expect(bundle("tests/js/support/topLevelAwait.js", noTopLevelAwait)).rejects.toThrow(
    /top-level await/i,
  );
});

test("the client brings neither the core nor the component's functions into the app", async () => {
  const { sources } = JSON.parse(readFileSync("dist/js/client/index.js.map", "utf8")) as {
    sources: string[];
  };
  expect(sources.length).toBeGreaterThan(3);
  // Of the component only what describes its arguments and results: clientApi is made of it.
  const brought = /^js\/(client\/|component\/\w+\/\w+Validators\.ts$)/;
  for (const file of sources) expect(join("dist/js/client", file)).toMatch(brought);
});

test("nothing that ships asks by instanceof: it knows only its own realm, and its own copy of a package", () => {
  const sources = ["js", "convex"]
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith(".ts"));
  expect(sources.length).toBeGreaterThan(50);
  const code = (file: string) => readFileSync(file, "utf8").replace(/\/\/.*|\/\*[^]*?\*\//g, "");
  expect(sources.filter((file) => /\binstanceof\b/.test(code(file)))).toEqual([]);
});
