// How large what ships is, against its bounds. Sizes are the same on every machine, so they may fail
// a run; times are for the benchmark.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, root, runAsScript } from "./lib/run.mjs";

const figures = [
  {
    name: "wasm",
    bytes: () => wasmBytes("plansModule"),
    bound: 80_000,
    aim: 50_000,
  },
  {
    name: "wasm without plans",
    bytes: () => wasmBytes("keysModule"),
    bound: 20_000,
    aim: 10_000,
  },
  {
    name: "JavaScript around it",
    bytes: () => shippedBytes("dist/js/core/loadCore.js", ["*/generated/wasm.js"]),
    bound: 20_000,
    aim: 10_000,
  },
  {
    name: "one function's bundle",
    bytes: () => shippedBytes("dist/convex/kv.js"),
    bound: 140_000,
    aim: 90_000,
  },
];

/** Bytes of a module as it is shipped. */
async function wasmBytes(name) {
  const shipped = await import(pathToFileURL(join(root, "dist/js/core/generated/wasm.js")));
  return Buffer.from(shipped[name].base64, "base64").length;
}

/** Bytes of `entry` and all that it imports, beyond the `convex` library, as Convex's CLI bundles. */
async function shippedBytes(entry, external = []) {
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
    external: ["convex/*", ...external],
    write: false,
    logLevel: "error",
  });
  return bundle.outputFiles[0].contents.length;
}

await runAsScript(import.meta.url, async () => {
  const over = [];
  const row = (name, ...cells) =>
    console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(10)).join(""));
  row("bytes", "now", "bound", "aim");
  for (const { name, bytes, bound, aim } of figures) {
    const now = await bytes();
    row(name, ...[now, bound, aim].map((n) => n.toLocaleString("en-US")));
    if (now > bound) over.push(name);
  }
  if (over.length > 0) throw new Failure(`Larger than allowed: ${over.join(", ")}`);
});
