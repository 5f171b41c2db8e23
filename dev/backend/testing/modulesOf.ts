import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import type { ModuleSource } from "../isolate/bundle.js";

/** What the CLI deploys of a folder of functions (bundler/index in the npm package `convex`). */
export async function modulesOf(folder: string): Promise<ModuleSource[]> {
  // It passes over the schema, and over files with more than one dot in their names.
  const deployed = /^(?!schema\.)[^.]+\.[jt]s$/;
  const names = readdirSync(folder).filter((name) => deployed.test(name));
  const root = `${import.meta.dirname}/`;
  const result = await build({
    entryPoints: names.map((name) => ({
      in: `${folder}/${name}`,
      out: basename(name).replace(/\.[jt]s$/, ""),
    })),
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
