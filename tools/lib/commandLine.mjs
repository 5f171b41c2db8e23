// Builds the command line of explorer/cli into one file, with all that it is made of.
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * @param {string} outfile Where to write it, relative to the root of the repository.
 */
export async function buildCommandLine(outfile) {
  // Imported late, as all that needs node_modules.
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: ["explorer/cli/main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // Some of it is CommonJS, which calls require for what Node.js brings.
    banner: {
      js: `#!/usr/bin/env node
import { createRequire as requireFor } from "node:module";
const require = requireFor(import.meta.url);`,
    },
    // The one for Node.js brings a WebSocket client too.
    alias: { "convex/browser": join(root, "node_modules/convex/dist/esm/browser/index.js") },
    logLevel: "error",
  });
}
