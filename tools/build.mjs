// Builds the package: the core to WebAssembly, then what ships into dist/. Does again only what
// changed.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { bundlesOf, component, exported } from "./lib/bundles.mjs";
import { filesBelow } from "./lib/files.mjs";
import { Failure, root, runAsScript, runBin } from "./lib/run.mjs";
import { buildWasm } from "./lib/wasm.mjs";
import { setup } from "./setup.mjs";

export async function build() {
  await buildWasm();
  const made = [...(await bundle()), ...(await declare())];
  const present = filesBelow(["dist"], (file) => file !== "dist/.tsbuildinfo");
  for (const file of present) if (!made.includes(file)) rmSync(join(root, file));
}

/** Writes what runs. Resolves with the files. */
async function bundle() {
  const bundles = await bundlesOf([...exported, ...component()]);
  return bundles.map(({ path, contents }) => {
    if (!existsSync(path) || !readFileSync(path).equals(contents)) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, contents);
    }
    return path.slice(root.length);
  });
}

/** Writes the types that the exports lead to. Resolves with the files. */
async function declare() {
  let declarations = await makeDeclarations();
  if (declarations.some(isMissing)) {
    // Someone took files away, which tsc's record of what it wrote does not tell.
    rmSync(join(root, "dist/.tsbuildinfo"));
    declarations = await makeDeclarations();
    const missing = declarations.filter(isMissing);
    if (missing.length > 0) throw new Failure(`Nothing makes ${missing.join(" ")}`);
  }
  return declarations.flatMap((file) => [file, `${file}.map`]);
}

async function makeDeclarations() {
  await runBin("typescript/bin/tsc", ["-p", "tsconfig.build.json"]);
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const types = Object.values(exports).flatMap((target) => target.types ?? []);
  const found = new Set();
  const follow = (file) => {
    if (found.has(file)) return;
    found.add(file);
    if (isMissing(file)) return;
    const text = readFileSync(join(root, file), "utf8");
    for (const [, path] of text.matchAll(/\b(?:from|import\()\s*"(\.[^"]+)\.js"/g)) {
      follow(posix.join(dirname(file), `${path}.d.ts`));
    }
  };
  for (const file of types) follow(posix.normalize(file));
  return [...found];
}

function isMissing(file) {
  return !existsSync(join(root, file));
}

await runAsScript(import.meta.url, async () => {
  await setup();
  await build();
});
