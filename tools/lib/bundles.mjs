// What of the package runs, bundled.
import { functionForms } from "./functionForms.mjs";
import { filesBelow } from "./files.mjs";
import { root } from "./run.mjs";

/** What the package exports, beside the component. */
export const exported = [
  ...["js/client/index.ts", "js/test.ts", "js/validators.ts"],
  ...["js/explorer/index.ts", "js/react/index.ts"],
];

// The Convex CLI deploys every .js file that it finds here, except those below _generated. Of
// these, js/test.ts needs the one, and apps import the other.
export const component = () => [
  ...filesBelow(["convex"], (file) => /^convex\/[\w.]+\.ts$/.test(file)),
  ...["convex/_generated/api.ts", "convex/_generated/component.ts"],
];

// What a call on one key runs of the package: V8 compiles these files along with their module.
const EAGER = new RegExp(
  `/(${[
    "convex/point",
    "js/core/(instance|keyWire|output|encodeKey)",
    "js/component/rows/(rows|slots|operations|writes|expiry|externalValues|whenLeft)",
    "js/component/v1/oldRows",
    "js/component/background/epochs",
  ].join("|")})\\.ts$`,
);

/**
 * Each of these files with all that it imports as one module: the platform loads the modules of a
 * function anew for each call, and the CLI would make some fifteen of a file of functions, one for
 * each set of files that share it. Nothing is written yet: `[{path, contents}]`.
 */
export async function bundlesOf(entryPoints, plugins = []) {
  const bundles = [];
  for (const entryPoint of entryPoints) bundles.push(...(await bundleOf(entryPoint, plugins)));
  return bundles;
}

async function bundleOf(entryPoint, plugins) {
  // In the forms that it writes, a function that nobody calls would stay.
  const plain = await build(entryPoint, { plugins, write: false });
  const [{ text }] = plain;
  const wasm = text.includes("var plansModule") ? [plansAlone] : [];
  return await build(entryPoint, {
    plugins: [...plugins, ...wasm, functionForms(EAGER, functionsIn(text))],
    // Whatever an app loads is read from its first character to its last. Shorter names are the
    // CLI's to make; to make them here makes what it ships larger.
    minifyWhitespace: true,
    sourcemap: "linked",
    // The sources are in the package too: there stack traces end.
    sourcesContent: false,
  });
}

// What has all plans needs no smaller module beside them: it has keys too.
const plansAlone = {
  name: "plans-alone",
  setup({ onLoad }) {
    const contents = 'export { plansModule as keysModule } from "./plans.js";';
    onLoad({ filter: /js\/core\/generated\/keys\.js$/ }, () => ({ contents }));
  },
};

async function build(entryPoint, options) {
  const { build: esbuild } = await import("esbuild");
  const { outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outbase: ".",
    outdir: "dist",
    bundle: true,
    packages: "external",
    external: [
      "../convex/*", // what js/test.ts passes on is what is deployed
      "../client/index.js", // an app that uses both has it once
    ],
    format: "esm",
    platform: "neutral",
    target: "es2022",
    write: false,
    logLevel: "error",
    ...options,
  });
  return outputFiles;
}

/**
 * The names of the functions that each file has in a bundle, by its path below the root. esbuild
 * says whose what follows is, and numbers those of the same name in several files.
 */
function functionsIn(bundle) {
  const names = new Map();
  let ofFile = [];
  for (const line of bundle.split("\n")) {
    const [, file] = /^\/\/ (\S+\.[jt]sx?)$/.exec(line) ?? [];
    if (file !== undefined) names.set(file, (ofFile = names.get(file) ?? []));
    const [, name] = /^(?:async )?function\*? ?([\w$]+)\(/.exec(line) ?? [];
    if (name !== undefined) ofFile.push(name);
  }
  return names;
}
