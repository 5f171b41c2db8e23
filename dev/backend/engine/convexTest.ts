import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as convexTestModule from "convex-test";
import { build } from "esbuild";
import { use, type Database } from "./indexes.js";

// convex-test keeps its database to itself, and its scheduler treats a delay of more than 24.8 days
// as none. So what runs here is the package with one more export and another setTimeout, made when
// this is loaded; its version is pinned.

const CLASS = "DatabaseFake";
const LONG_TIMEOUT = fileURLToPath(new URL("../longTimeout.ts", import.meta.url));
const CACHE = fileURLToPath(new URL("../.cache", import.meta.url));

type ConvexTest = typeof convexTestModule & { [CLASS]: { prototype: Database } };

async function load(): Promise<ConvexTest> {
  const source = fileURLToPath(import.meta.resolve("convex-test"));
  const { outputFiles } = await build({
    stdin: {
      contents: `${readFileSync(source, "utf8")}\nexport { ${CLASS} };`,
      resolveDir: dirname(source),
      sourcefile: source,
    },
    bundle: true,
    packages: "external",
    define: { "globalThis.setTimeout": "setLongTimeout" },
    inject: [LONG_TIMEOUT],
    platform: "node",
    format: "esm",
    write: false,
  });
  mkdirSync(CACHE, { recursive: true });
  // Others may read it, or write it too.
  const [file, begun] = [".mjs", `.${process.pid}`].map((end) => join(CACHE, `convex-test${end}`));
  writeFileSync(begun!, outputFiles[0]!.contents);
  renameSync(begun!, file!);
  return (await import(pathToFileURL(file!).href)) as ConvexTest;
}

const { convexTest, [CLASS]: database } = await load();
use(database.prototype);

export { convexTest };
