import type { Plugin } from "esbuild";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { ModuleSource } from "../dev/backend/isolate/bundle.js";
import { modulesOf } from "../dev/backend/testing/modulesOf.js";
import { bundlesOf, component as componentFiles } from "../tools/lib/bundles.mjs";

// The modules of components, bundled as Convex's CLI bundles them (bundler/index in the npm package
// `convex`): this one, others made of it to compare with, and what is published. All are made in
// the same way.

/** The module of `coreAlone`. */
export const CORE = "entry.js";

const root = new URL("../", import.meta.url).pathname;
const cache = `${root}.cache/bench`;

/** The component as it is. */
export function component(): Promise<ModuleSource[]> {
  return modulesOf(`${root}dist/convex`);
}

/** What is published as 1.0.3. */
export function published(): Promise<ModuleSource[]> {
  const main = createRequire(import.meta.url).resolve("convex-kv-published/package.json");
  const folder = `${cache}/published`;
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(dirname(main), "dist/component"), folder, { recursive: true });
  return modulesOf(folder);
}

/**
 * The component with the core taken out, and put in its place what answers at once. Loading and
 * calling it costs what the component would cost without the core.
 */
export function withoutCore(): Promise<ModuleSource[]> {
  return built("without-core", componentFiles(), {
    name: "without-core",
    setup({ onLoad }) {
      for (const [file, contents] of Object.entries(STAND_INS)) {
        const filter = new RegExp(`/js/core/${file}\\.ts$`);
        onLoad({ filter }, () => ({ contents }));
      }
      onLoad({ filter: /\/js\/core\/generated\/\w+\.js$/ }, ({ path }) => {
        return { contents: `export const ${basename(path, ".js")}Module = {};` };
      });
    },
  });
}

/** The core's own functions: `entry.mjs`. */
export function coreAlone(): Promise<ModuleSource[]> {
  return built("core-alone", ["bench/entry.mjs"]);
}

/**
 * A module that does nothing but wait as often as the component does: what remains is the harness.
 */
export function emptyModule(): ModuleSource[] {
  const wait = `await Convex.asyncSyscall("1.0/nothing", "{}"); `;
  const functions = Object.entries({ get: 1, set: 2, list: 2 }).map(
    ([name, turns]) => `${name} = method(async () => { ${wait.repeat(turns)} return "null"; })`,
  );
  const method = "const method = (run) => ({ invokeQuery: run, invokeMutation: run });";
  const source = `${method} export const ${functions.join(", ")};`;
  return ["point.js", "kv.js"].map((path) => ({ path, source }));
}

/** What the package's build makes of these files, changed by `plugin`. */
async function built(name: string, files: string[], plugin?: Plugin): Promise<ModuleSource[]> {
  const folder = `${cache}/${name}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of await bundlesOf(files, plugin ? [plugin] : [])) {
    writeFileSync(join(folder, basename(path)), contents);
  }
  return await modulesOf(folder);
}

const STAND_INS = {
  instance: `
    export const provideModules = () => {};
    export const coreInstance = () => {};
    export const planInstance = coreInstance;
    export const isInstance = () => true;
    export const inputOf = () => 0;
  `,
  // As long as the path of the key that is called with.
  encodeKey: "export const encodeKey = () => new ArrayBuffer(19);",
  // Plans are of one read of all, whose rows are the page.
  openPlan: `
    export const openPlan = () => ({
      start: () => ({
        ...{ step: "read", index: "path", bounds: [], order: "asc" },
        ...{ maxRows: 101, maxBytes: 1e6 },
      }),
      rows: (rows) => ({ step: "page", rows: [[0, rows.length]], cursor: "", isDone: true }),
      close() {},
    });
  `,
};
