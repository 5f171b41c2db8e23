import { build, type BuildOptions } from "esbuild";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

// As the Convex CLI bundles a deployment's functions.
const options = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "esnext",
  conditions: ["convex", "module"],
  treeShaking: true,
  minifySyntax: true,
  minifyIdentifiers: true,
  keepNames: true,
  define: { "process.env.NODE_ENV": '"production"' },
  write: false,
  metafile: true,
  logLevel: "silent",
} satisfies BuildOptions;

export interface Bundle {
  text: string;
  /** The files that it holds, from the repository's root. */
  files: string[];
}

/**
 * `entry` with all that it imports, as one ES module. `more`: what differs from how the CLI
 * bundles.
 */
export async function bundle(entry: string, more: BuildOptions = {}): Promise<Bundle> {
  const result = await build({ ...options, ...more, entryPoints: [entry] });
  return { text: result.outputFiles![0]!.text, files: Object.keys(result.metafile!.inputs) };
}
