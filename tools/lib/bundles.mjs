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
  const { build: esbuild } = await import("esbuild");
  const { outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints,
    outbase: ".",
    outdir: "dist",
    bundle: true,
    plugins: [...plugins, functionForms(EAGER)],
    packages: "external",
    external: [
      "../convex/*", // what js/test.ts passes on is what is deployed
      "../client/index.js", // an app that uses both has it once
    ],
    format: "esm",
    // Whatever an app loads is read from its first character to its last.
    minifyWhitespace: true,
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
