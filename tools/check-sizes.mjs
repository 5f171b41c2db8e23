// How large what ships is, against its bounds. Sizes are the same on every machine, so they may
// fail a run; times are for the benchmark.
import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, root, runAsScript } from "./lib/run.mjs";

const wasm = [
  { name: "wasm of keys", module: "keys", bound: 20_000, aim: 10_000 },
  { name: "wasm of counted prefixes", module: "counted", bound: 46_000, aim: 30_000 },
  { name: "wasm of plans", module: "plans", bound: 80_000, aim: 50_000 },
];

// Each file of functions is a separate bundle, which a call loads whole: those that are made most
// often are the smallest.
const entries = [
  ...["kv", "tree", "moves", "jobs", "timers", "replace"].map((entry) => ({
    entry,
    bound: 155_000,
    aim: 90_000,
  })),
  { entry: "counted", bound: 100_000, aim: 80_000 },
  ...["point", "many", "entries", "status", "leases", "loads", "notices"].map((entry) => ({
    entry,
    bound: 60_000,
    aim: 40_000,
  })),
];

const figures = [
  ...wasm.map(({ module, ...rest }) => ({ ...rest, bytes: () => wasmBytes(module) })),
  {
    name: "JavaScript around it",
    bytes: () => shippedBytes("js/core/openPlan.ts"),
    bound: 20_000,
    aim: 10_000,
  },
  {
    name: "client, in each function of an app",
    bytes: () => shippedBytes("dist/js/client/index.js"),
    bound: 49_000,
    aim: 40_000,
  },
  {
    name: "hooks for React",
    bytes: () => statSync(join(root, "dist/js/react/index.js")).size,
    bound: 26_000,
    aim: 20_000,
  },
  ...entries.map(({ entry, ...rest }) => ({
    name: `bundle of ${entry}.ts`,
    bytes: () => shippedBytes(`dist/convex/${entry}.js`),
    ...rest,
  })),
];

/** Bytes of a module as it is shipped. */
async function wasmBytes(module) {
  const file = pathToFileURL(join(root, `js/core/generated/${module}.js`));
  const { base64 } = (await import(file))[`${module}Module`];
  return Buffer.from(base64, "base64").length;
}

/**
 * Bytes of `entry` and all that it imports, beyond the `convex` library, as Convex's CLI bundles.
 */
async function shippedBytes(entry) {
  const { build } = await import("esbuild");
  const bundle = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "esnext",
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    external: ["convex/*"],
    write: false,
    logLevel: "error",
  });
  return bundle.outputFiles[0].contents.length;
}

await runAsScript(import.meta.url, async () => {
  const over = [];
  const row = (name, ...cells) =>
    console.log(name.padEnd(30) + cells.map((cell) => cell.padStart(10)).join(""));
  row("bytes", "now", "bound", "aim");
  for (const { name, bytes, bound, aim } of figures) {
    const now = await bytes();
    row(name, ...[now, bound, aim].map((n) => n.toLocaleString("en-US")));
    if (now > bound) over.push(name);
  }
  if (over.length > 0) throw new Failure(`Larger than allowed: ${over.join(", ")}`);
});
