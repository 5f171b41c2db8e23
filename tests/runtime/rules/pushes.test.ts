import { makeFunctionReference, type FunctionReference } from "convex/server";
import { expect, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { fixture } from "../support/fixture.js";

// Modules that a deployment refuses to take, and what it goes on with then.

const backend = useBackend({ app: () => fixture("plain") });

const ASYNC = `(name, args) => globalThis.Convex.asyncSyscall(name, JSON.stringify(args))`;

const refused = [
  {
    what: "import.meta",
    file: "convex/inner/bad.ts",
    text: "export const url = import.meta.url;",
    says: ["Failed to analyze bad.js", "import.meta unsupported", "in the component at inner"],
  },
  {
    what: "the clock",
    file: "convex/inner/bad.ts",
    text: "export const now = Date.now();",
    says: ["Failed to analyze bad.js", "Date unsupported at import time", "inner"],
  },
  {
    what: "eval",
    file: "convex/bad.ts",
    text: `export const two = globalThis.eval("1 + 1");`,
    says: ["Failed to analyze bad.js", "Code generation from strings disallowed"],
  },
  {
    what: "the database",
    file: "convex/bad.ts",
    text: `export const rows = Convex.syscall("1.0/queryStream", JSON.stringify({
             query: { source: { type: "FullTableScan", tableName: "rows" }, operators: [] } }));`,
    says: ["Failed to analyze bad.js", "Can't use database at import time"],
  },
  {
    what: "an error",
    file: "convex/rows.ts",
    text: `export const one = 1; throw new RangeError("not today");`,
    says: ["Failed to analyze rows.js", "Uncaught RangeError: not today", "at rows.js:"],
  },
  {
    what: "a top-level await",
    file: "convex/inner/bad.ts",
    text: "export const one = await Promise.resolve(1);",
    says: ["bad.js", /top-level await/i],
  },
  {
    what: "what is no JavaScript",
    file: "convex/bad.ts",
    text: "export const = 1;",
    says: ["convex/bad.ts", 'Expected identifier but found "="'],
  },
  {
    what: `"use node"`,
    file: "convex/bad.ts",
    text: `"use node";\nexport const one = 1;`,
    says: ["bad.js", `the development backend has no "use node" actions`],
  },
  {
    what: "HTTP actions",
    file: "convex/http.ts",
    text: `import { httpRouter } from "convex/server"; export default httpRouter();`,
    says: ["http.js", "the development backend has no HTTP actions"],
  },
  {
    what: "a cron without a function",
    file: "convex/crons.ts",
    text: `import { cronJobs, makeFunctionReference } from "convex/server";
           const crons = cronJobs();
           crons.interval("tidy", { seconds: 5 }, makeFunctionReference("rows:nothing"));
           export default crons;`,
    says: ["Failed to analyze crons.js", `"tidy" runs rows:nothing, which does not exist`],
  },
  {
    what: "one name for two components",
    file: "convex/convex.config.ts",
    text: `import { defineApp } from "convex/server";
           import inner from "./inner/convex.config.js";
           const app = defineApp();
           app.use(inner);
           app.use(inner);
           export default app;`,
    says: ["the app's convex.config.js", `two components are named "inner"`],
  },
];

test.each(refused)("$what: refused, and what was there goes on", async ({ file, text, says }) => {
  await backend.http.mutation(append, { client: 1, n: 1 });
  const rows = await backend.http.query(list, { client: 1 });
  const error = await backend.push(fixture("plain", { [file]: text })).then(
    () => "nothing was refused",
    (error: Error) => error.message,
  );
  expect(error).toMatch(/^The push failed, with exit code [1-9]/);
  for (const part of says) expect(error).toMatch(part);
  expect(await backend.http.query(list, { client: 1 })).toEqual(rows);
  expect(await backend.http.query(hello)).toBe("hello");
});

test("what does these things during a call alone is taken", async () => {
  const text = `
    import { queryGeneric as query } from "convex/server";
    const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
    const epoch = new Date(0).getTime();
    let loaded = false;
    void (async () => { await undefined; loaded = true; })();
    // At the first call it is refused, and the module is there all the same.
    const early = ${ASYNC};
    const refusal = early("1.0/get", { id: "1" }).then(() => "answered", (e) => e.message);
    export const get = query({
      args: {},
      handler: async () => [epoch, loaded, Date.now() > 0, await refusal],
    });`;
  await backend.push(fixture("plain", { "convex/good.ts": text }));
  const get = makeFunctionReference<"query">("good:get");
  expect(await backend.http.query(get, {})).toEqual([
    0,
    true,
    true,
    "Can't use database at import time",
  ]);
});

type NoArgs = Record<string, never>;
type Client = { client: number };
const hello: FunctionReference<"query", "public", NoArgs, string> =
  makeFunctionReference("rows:hello");
const list: FunctionReference<"query", "public", Client, number[]> =
  makeFunctionReference("rows:list");
const append: FunctionReference<"mutation", "public", Client & { n: number }, null> =
  makeFunctionReference("rows:append");
