import { makeFunctionReference, type FunctionReference } from "convex/server";
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sendPush } from "../../client.mjs";
import { useBackend } from "../../testing/backend.js";
import { requestFor } from "../../testing/ownBackend.js";
import { changedFixture, fixture } from "../support/fixture.js";

// Modules that a deployment refuses to take, and what it goes on with then.

const backend = useBackend({ app: () => fixture("plain") });

const ASYNC = `(name, args) => globalThis.Convex.asyncSyscall(name, JSON.stringify(args))`;

// As the CLI would bundle them, which takes it seconds for each.
const modules = [
  {
    what: "import.meta",
    path: "inner/bad.js",
    source: "export const url = import.meta.url;",
    says: ["Failed to analyze bad.js", "import.meta unsupported", "in the component at inner"],
  },
  {
    what: "the clock",
    path: "inner/bad.js",
    source: "export const now = Date.now();",
    says: ["Failed to analyze bad.js", "Date unsupported at import time", "inner"],
  },
  {
    what: "eval",
    path: "bad.js",
    source: `export const two = globalThis.eval("1 + 1");`,
    says: ["Failed to analyze bad.js", "Code generation from strings disallowed"],
  },
  {
    what: "the database",
    path: "bad.js",
    source: `export const rows = Convex.syscall("1.0/queryStream", JSON.stringify({
               query: { source: { type: "FullTableScan", tableName: "rows" }, operators: [] } }));`,
    says: ["Failed to analyze bad.js", "Can't use database at import time"],
  },
  {
    what: "an error",
    path: "rows.js",
    source: `export const one = 1; throw new RangeError("not today");`,
    says: ["Failed to analyze rows.js", "Uncaught RangeError: not today", "at rows.js:"],
  },
  {
    what: "a top-level await",
    path: "inner/bad.js",
    source: "export const one = await Promise.resolve(1);",
    says: ["bad.js", /top-level await/i],
  },
  {
    what: `"use node"`,
    path: "bad.js",
    source: "export const one = 1;",
    environment: "node",
    // Within JSON.
    says: ["bad.js", `the development backend has no \\"use node\\" actions`],
  },
  {
    what: "HTTP actions",
    path: "http.js",
    source: "export default {};",
    says: ["http.js", "the development backend has no HTTP actions"],
  },
];

interface Module {
  path: string;
  source: string;
  environment?: string;
}

interface Request {
  appDefinition: { changedModules: Module[] };
  componentDefinitions: { functions: Module[] }[];
}

/**
 * What the CLI pushes of the app, with another module of the app's, or of its component's. In a
 * file.
 */
async function requestWith({ environment = "isolate", ...added }: Module): Promise<string> {
  const file = await requestFor(fixture("plain"));
  const request = JSON.parse(readFileSync(file, "utf8")) as Request;
  const { changedModules } = request.appDefinition;
  const isInner = added.path.startsWith("inner/");
  const own = isInner ? request.componentDefinitions[0]!.functions : changedModules;
  const module = { ...added, path: added.path.replace("inner/", ""), environment };
  const others = own.filter(({ path }) => path !== module.path);
  own.splice(0, own.length, ...others, module);
  const changed = file.replace(/json$/, "changed.json");
  writeFileSync(changed, JSON.stringify(request));
  return changed;
}

/** A module as the CLI would bundle it, with the convex library. */
async function bundled(path: string, contents: string): Promise<Module> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fixture("plain") },
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
  });
  return { path, source: outputFiles[0]!.text };
}

/** Expects `push` to be refused, in these words, and the app that was there to work as before. */
async function expectRefused(push: () => Promise<void>, says: (string | RegExp)[]): Promise<void> {
  await backend.http.mutation(append, { client: 1, n: 1 });
  const rows = await backend.http.query(list, { client: 1 });
  const error = await push().then(
    () => "nothing was refused",
    (error: Error) => error.message,
  );
  for (const part of says) expect(error).toMatch(part);
  expect(await backend.http.query(list, { client: 1 })).toEqual(rows);
  expect(await backend.http.query(hello)).toBe("hello");
}

test.each(modules)("$what: refused, and what was there goes on", async ({ says, ...module }) => {
  const request = await requestWith(module);
  await expectRefused(() => sendPush(backend, request), says);
});

test("a cron without a function: refused, and what was there goes on", async () => {
  const crons = `
    import { cronJobs, makeFunctionReference } from "convex/server";
    const crons = cronJobs();
    crons.interval("tidy", { seconds: 5 }, makeFunctionReference("rows:nothing"));
    export default crons;`;
  const request = await requestWith(await bundled("crons.js", crons));
  const says = ["Failed to analyze crons.js", `\\"tidy\\" runs rows:nothing, which does not exist`];
  await expectRefused(() => sendPush(backend, request), says);
});

test("one name for two components: the CLI tells that it is refused", async () => {
  const config = `
    import { defineApp } from "convex/server";
    import inner from "./inner/convex.config.js";
    const app = defineApp();
    app.use(inner);
    app.use(inner);
    export default app;`;
  const app = changedFixture("plain", { "convex/convex.config.ts": config });
  await expectRefused(
    () => backend.push(app),
    [
      /^The push failed, with exit code [1-9]/,
      "the app's convex.config.js",
      `two components are named "inner"`,
    ],
  );
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
  await sendPush(backend, await requestWith(await bundled("good.js", text)));
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
