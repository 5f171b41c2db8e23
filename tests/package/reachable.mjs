// Which of the package's files anything that it exports leads to.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { root } from "../../tools/lib/run.mjs";

/**
 * All files that the targets of `exports` need, relative to the root: by what runs, by types, and
 * the sources of both.
 */
export async function reachableFiles(exports) {
  const targets = Object.values(exports).filter((target) => typeof target === "object");
  const [code, types] = ["default", "types"].map((condition) => [
    ...new Set(targets.map((target) => target[condition])),
  ]);
  const sources = types.map((file) => file.replace("/dist/", "/").replace(/\.d\.ts$/, ".ts"));
  const made = [...(await reachedByCode(code)), ...reachedByTypes(types)];
  const maps = made.map((file) => `${file}.map`).filter((file) => existsSync(join(root, file)));
  return new Set([...made, ...maps, ...maps.flatMap(sourcesOf), ...reachedByTypes(sources)]);
}

/** The files that a source map leads to. */
export function sourcesOf(map) {
  const { sources } = JSON.parse(readFileSync(join(root, map), "utf8"));
  return sources.map((source) => join(dirname(map), source));
}

async function reachedByCode(entryPoints) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    packages: "external",
    platform: "neutral",
    format: "esm",
    outdir: "unwritten",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  return Object.keys(metafile.inputs);
}

function reachedByTypes(files) {
  const { NodeNext } = ts.ModuleKind;
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    // Only what is named by a file counts.
    {
      module: NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: [],
      noLib: true,
    },
  );
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(root))
    .map(({ fileName }) => fileName.slice(root.length))
    .filter((file) => !file.startsWith("node_modules/"));
}
