// Builds the WebAssembly a second time, from nothing and in another directory, and compares it with
// what the build has left to ship: the same sources must give the same bytes to everyone.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { modules } from "./build-wasm.mjs";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";

// All that the WebAssembly is made of. What is missing here, the second build cannot find.
const sources = ["CMakeLists.txt", "CMakePresets.json", "cmake", "src", "bindings", "tools"];

/** The files to compare, by where they are here and in the other directory. */
const compared = modules.flatMap((name) => {
  const linked = `build/wasm/convex_kv_${name}.wasm`;
  const started = `js/core/generated/${name}.js`;
  return [
    { shipped: linked, again: linked },
    { shipped: `dist/${started}`, again: started },
  ];
});

/** Expects the build to have run. Resolves with how many files are the same; throws where one is not. */
export async function reproduceWasm() {
  const folder = mkdtempSync(join(tmpdir(), "convex-kv-built-again-"));
  try {
    for (const name of sources) {
      cpSync(join(root, name), join(folder, name), { recursive: true, dereference: true });
    }
    await buildIn(folder);
    const others = compared.filter(({ shipped, again }) => !same(shipped, join(folder, again)));
    if (others.length > 0) {
      const names = others.map(({ shipped }) => shipped).join(" ");
      throw new Failure(`A second build, in another directory, makes other bytes of ${names}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return compared.length;
}

// With the tools of the copy, which take their own place for the root.
async function buildIn(folder) {
  const tool = pathToFileURL(join(folder, "tools/build-wasm.mjs"));
  const script = `const { buildWasm } = await import("${tool}"); await buildWasm();`;
  // Neither the time zone nor the language of who builds may be in what is built.
  const env = { TZ: "Pacific/Chatham", LC_ALL: "C", SOURCE_DATE_EPOCH: "1" };
  const args = ["--input-type=module", "--eval", script];
  await run(process.execPath, args, { cwd: folder, env, quiet: true });
}

function same(shipped, again) {
  if (!existsSync(join(root, shipped))) throw new Failure(`There is no ${shipped}: build first`);
  return readFileSync(join(root, shipped)).equals(readFileSync(again));
}

await runAsScript(import.meta.url, async () => {
  console.log(`${await reproduceWasm()} files are the same`);
});
