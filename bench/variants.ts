import { build, type Plugin } from "esbuild";
import { readdirSync } from "node:fs";
import type { ModuleSource } from "../dev/backend/isolate/bundle.js";

// The component's modules, bundled as Convex's CLI bundles them (bundler/index in the npm package
// `convex`), and others made of them to compare with. All are made in the same way.

/** The entry of `withProbe`. */
export const PROBE = "probe.js";

const root = new URL("../", import.meta.url).pathname;
const folder = `${root}dist/convex`;

/** The component as it is. */
export function component(): Promise<ModuleSource[]> {
  return bundled();
}

/**
 * The component with the core taken out, and put in its place what answers at once. Loading and
 * calling it costs what the component would cost without the core.
 */
export function withoutCore(): Promise<ModuleSource[]> {
  return bundled([], {
    name: "without-core",
    setup({ onLoad }) {
      onLoad({ filter: /\/js\/core\/loadCore\.js$/ }, () => ({ contents: LOAD_CORE }));
      onLoad({ filter: /\/js\/core\/instance\.js$/ }, () => ({ contents: INSTANCE }));
      onLoad({ filter: /\/js\/core\/generated\/\w+\.js$/ }, ({ path }) => {
        const name = /(\w+)\.js$/.exec(path)![1]!;
        return { contents: `export const ${name}Module = {};` };
      });
    },
  });
}

/** The component, with an entry that exports the core's own functions. */
export function withProbe(): Promise<ModuleSource[]> {
  return bundled([{ in: "probe", out: "probe" }], {
    name: "with-probe",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^probe$/ }, () => ({ path: `${folder}/${PROBE}` }));
      onLoad({ filter: /\/convex\/probe\.js$/ }, () => ({
        contents: PROBE_CODE,
        resolveDir: folder,
      }));
    },
  });
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
  return [{ path: "kv.js", source: `${method} export const ${functions.join(", ")};` }];
}

async function bundled(
  more: { in: string; out: string }[] = [],
  plugin?: Plugin,
): Promise<ModuleSource[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".js"));
  const entries = names.map((name) => ({ in: `${folder}/${name}`, out: name.slice(0, -3) }));
  const result = await build({
    entryPoints: [...entries, ...more],
    plugins: plugin ? [plugin] : [],
    bundle: true,
    splitting: true,
    platform: "browser",
    format: "esm",
    target: "esnext",
    conditions: ["convex", "module"],
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    outdir: `${root}out`,
    chunkNames: "_deps/[hash]",
    write: false,
    logLevel: "error",
  });
  return result.outputFiles.map(({ path, text }) => ({
    path: path.slice(`${root}out/`.length),
    source: text,
  }));
}

const PROBE_CODE = `
export * from "./kv.js";
export { coreInstance } from "../js/core/instance.js";
export { loadCore } from "../js/core/loadCore.js";
`;

const INSTANCE = `
export const provideModules = () => {};
export const coreInstance = () => {};
export const planInstance = coreInstance;
export const isInstance = () => true;
`;

// Plans are of one read of all, whose rows are the page.
const LOAD_CORE = `
const core = {
  encodeKey: () => new ArrayBuffer(8),
  openPlan: () => ({
    start: () => ({
      ...{ step: "read", index: "path", bounds: [], order: "asc" },
      ...{ maxRows: 101, maxBytes: 1e6 },
    }),
    rows: (rows) => ({ step: "page", rows: [[0, rows.length]], cursor: "", isDone: true }),
    close() {},
  }),
};
export const loadCore = () => core;
`;
