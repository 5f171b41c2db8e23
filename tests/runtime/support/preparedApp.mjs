// The app that the tests push: the package as it ships, installed in a copy of tests/runtime/app.
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../tools/lib/run.mjs";
import { install } from "../../package/install.mjs";
import { pack } from "../../package/tarball.mjs";

/**
 * Packs and installs. Resolves with the app's folder and its CLI, whether its convex has ctx.meta,
 * a folder for what else is needed, and what removes all of it.
 */
export async function prepareApp() {
  const folder = mkdtempSync(join(tmpdir(), "convex-kv-runtime-"));
  const app = join(folder, "app");
  cpSync(join(root, "tests/runtime/app"), app, { recursive: true });
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  // The stage "oldest" of `npm test` has them run with the oldest convex that the package admits.
  const version = process.env.CONVEX_VERSION ?? devDependencies.convex;
  await install(app, [await pack(folder), `convex@${version}`]);
  return {
    folder,
    app,
    cli: join(app, "node_modules/convex/bin/main.js"),
    hasMeta: version === devDependencies.convex,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
