import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";

// Convex deploys each file of the component's folder as an entry point, except the schema, the
// configuration and what is generated. So that folder holds functions, what describes them, and
// nothing else; what they are made of is in js/component.

const described = ["schema", "convex.config"];
const functions = readdirSync("convex")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => basename(file, ".ts"))
  .filter((name) => !described.includes(name));

interface Registered {
  isQuery?: true;
  isMutation?: true;
}

test.for(functions)("all that convex/%s.ts exports is registered", async (name) => {
  const exported = (await import(`../../../convex/${name}.ts`)) as Record<string, Registered>;
  expect(Object.keys(exported)).not.toEqual([]);
  for (const [export_, value] of Object.entries(exported)) {
    expect([export_, value.isQuery ?? value.isMutation]).toEqual([export_, true]);
  }
});

test("the generated API, and what is registered in tests, are all of these files", () => {
  const modules = (file: string, pattern: RegExp) =>
    [...readFileSync(file, "utf8").matchAll(pattern)].map(([, name]) => name).sort();
  const api = modules("convex/_generated/api.ts", /import type \* as \w+ from "\.\.\/(\w+)\.js"/g);
  expect(api).toEqual(functions.sort());
  expect(modules("js/test.ts", /import\("\.\.\/convex\/(\w+)\.js"\)/g)).toEqual(functions.sort());
});

test("js/component is what functions are made of: it holds none, and imports none", () => {
  const files = readdirSync("js/component", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(`js/component/${file}`, "utf8"));
  expect(files.length).toBeGreaterThan(20);
  const imported = files.flatMap((text) =>
    [...text.matchAll(/from "(?:\.\.\/)+convex\/([^"]+)\.js"/g)].map(([, name]) => name!),
  );
  const allowed = /^(_generated\/(api|dataModel|server)|validators)$/;
  expect(imported.filter((name) => !allowed.test(name))).toEqual([]);
  expect(files.filter((text) => /=\s*(internal)?(query|mutation|action)\(/i.test(text))).toEqual(
    [],
  );
});
