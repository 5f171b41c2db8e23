// Builds the package: the core to WebAssembly, then TypeScript and the built core into dist/. Does
// again only what changed.
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildWasm } from "./build-wasm.mjs";
import { filesBelow } from "./lib/files.mjs";
import { Failure, root, runAsScript, runBin } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const sources = ["js", "convex"];
const isTypeScript = (file) => /(?<!\.d)\.ts$/.test(file);
const isPlain = (file) => /\.d\.ts$|\.js$/.test(file);

export async function build() {
  await buildWasm();
  await runBin("typescript/bin/tsc", ["-p", "tsconfig.build.json"]);
  copyPlain();
  tidyDist();
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
// .js file that it finds in the component's folder.
function tidyDist() {
  const expected = new Set([
    ...filesBelow(sources, isPlain).map((file) => `dist/${file}`),
    ...filesBelow(sources, isTypeScript)
      .map((file) => `dist/${file.slice(0, -".ts".length)}`)
      .flatMap((stem) => [`${stem}.js`, `${stem}.d.ts`]),
  ]);
  const present = filesBelow(["dist"], (file) => file !== "dist/.tsbuildinfo");
  for (const file of present) if (!expected.delete(file)) rmSync(join(root, file));
  if (expected.size === 0) return;
  rmSync(join(root, "dist"), { recursive: true, force: true });
  throw new Failure(
    `dist/ was incomplete and is removed; run this again: ${[...expected].join(" ")}`,
  );
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
