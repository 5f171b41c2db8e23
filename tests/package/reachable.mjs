// Which of the package's files anything that it exports leads to.
import { join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { root } from "../../tools/lib/run.mjs";

/**
 * All files that the targets of `exports` need, relative to the root: by what runs, by types, by
 * sources.
 */
export async function reachableFiles(exports) {
  const targets = Object.values(exports).filter((target) => typeof target === "object");
  const [code, types] = ["default", "types"].map((condition) => [
    ...new Set(targets.map((target) => target[condition])),
  ]);
  const sources = types.map((file) => file.replace("/dist/", "/").replace(/\.d\.ts$/, ".ts"));
  return new Set([...(await reachedByCode(code)), ...reachedByTypes([...types, ...sources])]);
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
