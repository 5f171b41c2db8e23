// Builds the package: the core to WebAssembly, then TypeScript and the built core into dist/. Does
// again only what changed.
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesBelow } from "./lib/files.mjs";
import { Failure, root, runAsScript, runBin } from "./lib/run.mjs";
import { buildWasm } from "./lib/wasm.mjs";
import { setup } from "./setup.mjs";

const sources = ["js", "convex"];
const isTypeScript = (file) => /(?<!\.d)\.ts$/.test(file);
const isPlain = (file) => /\.d\.ts$|\.js$/.test(file);

export async function build() {
  await buildWasm();
  let missing = await makeDist();
  if (missing.length === 0) return;
  // Someone took files away, which tsc's record of what it wrote does not tell.
  rmSync(join(root, "dist"), { recursive: true });
  missing = await makeDist();
  if (missing.length > 0) throw new Failure(`Nothing makes ${missing.join(" ")}`);
}

/** Resolves with the files that should be in dist/ and are not. */
async function makeDist() {
  await runBin("typescript/bin/tsc", ["-p", "tsconfig.build.json"]);
  copyPlain();
  return tidyDist();
}

// What tsc leaves behind: .js and .d.ts files, those of the built core above all.
function copyPlain() {
  for (const file of filesBelow(sources, isPlain)) {
    const target = join("dist", file);
    if (sameContent(file, target)) continue;
    mkdirSync(join(root, dirname(target)), { recursive: true });
    copyFileSync(join(root, file), join(root, target));
  }
}

// Leaves in dist/ what the sources of today make, and nothing else: the Convex CLI deploys every
// .js file that it finds in the component's folder. Returns what is missing.
function tidyDist() {
  const expected = new Set([
    ...filesBelow(sources, isPlain).map((file) => `dist/${file}`),
    ...filesBelow(sources, isTypeScript)
      .map((file) => `dist/${file.slice(0, -".ts".length)}`)
      .flatMap((stem) => [`${stem}.js`, `${stem}.d.ts`])
      .flatMap((file) => [file, `${file}.map`]),
  ]);
  const present = filesBelow(["dist"], (file) => file !== "dist/.tsbuildinfo");
  for (const file of present) if (!expected.delete(file)) rmSync(join(root, file));
  return [...expected];
}

function sameContent(a, b) {
  const [left, right] = [join(root, a), join(root, b)];
  if (statSync(left).size !== statSync(right, { throwIfNoEntry: false })?.size) return false;
  return readFileSync(left).equals(readFileSync(right));
}

await runAsScript(import.meta.url, async () => {
  await setup();
  await build();
});
