// Builds the WebAssembly a second time, from nothing and in another directory, and compares it with
// what the build has left to ship: the same sources must give the same bytes to everyone.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { modules } from "./build-wasm.mjs";
import { filesBelow } from "./lib/files.mjs";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";

// All that the WebAssembly is made of. What is missing here, the second build cannot find.
const sources = ["CMakeLists.txt", "CMakePresets.json", "cmake", "src", "bindings", "tools"];

const reproduced = join(root, ".cache/reproduced");

/** The files to compare, by where they are here and in the other directory. */
const compared = modules.flatMap((name) => {
  const linked = `build/wasm/convex_kv_${name}.wasm`;
  const started = `js/core/generated/${name}.js`;
  return [
    { shipped: linked, again: linked },
    { shipped: `dist/${started}`, again: started },
  ];
});

/**
 * Expects the build to have run. Resolves with how many files are the same; throws if one is not. What
 * was found the same once, made of the same sources with the same tools, is not built again.
 */
export async function reproduceWasm() {
  const state = await stateOfBuild();
  if (existsSync(reproduced) && readFileSync(reproduced, "utf8") === state) return compared.length;
  await buildAgain();
  mkdirSync(dirname(reproduced), { recursive: true });
  writeFileSync(reproduced, state);
  return compared.length;
}

/** All that the outcome depends on. */
async function stateOfBuild() {
  const hash = createHash("sha256");
  hash.update(await run("em++", ["--version"], { quiet: true })).update(process.version);
  const files = [...filesBelow(sources, () => true), ...compared.map(({ shipped }) => shipped)];
  for (const name of files) hash.update(`${name}\0`).update(readFileSync(join(root, name)));
  return hash.digest("hex");
}

async function buildAgain() {
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
