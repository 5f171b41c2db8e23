// Builds the package: the core to WebAssembly, then what ships into dist/. Does again only what
// changed.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { eagerly } from "./lib/eager.mjs";
import { filesBelow } from "./lib/files.mjs";
import { Failure, root, runAsScript, runBin } from "./lib/run.mjs";
import { buildWasm } from "./lib/wasm.mjs";
import { setup } from "./setup.mjs";

/** What the package exports, beside the component. */
const exported = ["js/client/index.ts", "js/test.ts", "js/validators.ts"];

// The Convex CLI deploys every .js file that it finds here, except those below _generated. Of
// these, js/test.ts needs the one, and apps import the other.
const component = () => [
  ...filesBelow(["convex"], (file) => /^convex\/[\w.]+\.ts$/.test(file)),
  ...["convex/_generated/api.ts", "convex/_generated/component.ts"],
];

// What a call on one key runs of the package: V8 compiles these files along with their module.
const EAGER = new RegExp(
  `/js/(${[
    "core/(instance|keyWire|output|encodeKey)",
    "component/rows/(rows|slots|operations|writes)",
    "component/background/epochs",
  ].join("|")})\\.ts$`,
);

export async function build() {
  await buildWasm();
  const made = [...(await bundle()), ...(await declare())];
  const present = filesBelow(["dist"], (file) => file !== "dist/.tsbuildinfo");
  for (const file of present) if (!made.includes(file)) rmSync(join(root, file));
}

/**
 * Writes each entry with all that it imports as one module: the platform loads the modules of a
 * function anew for each call, and the CLI would make some fifteen of a file of functions, one for
 * each set of files that share it. Resolves with the files.
 */
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

/** The bundles of these files, which are not written yet: `[{path, contents}]`. */
export async function bundlesOf(entryPoints, plugins = []) {
  const { build: esbuild } = await import("esbuild");
  const { outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints,
    outbase: ".",
    outdir: "dist",
    bundle: true,
    plugins: [...plugins, eagerly(EAGER)],
    packages: "external",
    external: ["../convex/*"], // what js/test.ts passes on is what is deployed
    format: "esm",
    platform: "neutral",
    target: "es2022",
    sourcemap: "linked",
    // The sources are in the package too: there stack traces end.
    sourcesContent: false,
    write: false,
    logLevel: "error",
  });
  return outputFiles;
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
