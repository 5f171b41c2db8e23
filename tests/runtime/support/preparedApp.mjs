// The app that the tests push: the package as it ships, unpacked into a copy of tests/runtime/app.
// Whether npm and other package managers install it is for tests/package to find out.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "../../../tools/lib/run.mjs";
import { pack } from "../../package/tarball.mjs";
import { convexOf } from "./convexVersion.mjs";

const { name, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Packs and unpacks. Resolves with the app's folder and its CLI, whether its convex has ctx.meta,
 * a folder for what else is needed, and what removes all of it.
 */
export async function prepareApp() {
  const folder = mkdtempSync(join(tmpdir(), "convex-kv-runtime-"));
  const app = join(folder, "app");
  cpSync(join(root, "tests/runtime/app"), app, { recursive: true });
  // The stage "oldest" of `npm test` has them run with the oldest convex that the package admits.
  const version = process.env.CONVEX_VERSION ?? devDependencies.convex;
  const { tarball } = await pack(folder);
  const modules = join(app, "node_modules");
  const own = join(modules, name);
  mkdirSync(own, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", own, "--strip-components", "1"]);
  symlinkSync(await convexOf(version), join(modules, "convex"));
  const dependencies = { [name]: `file:${tarball}`, convex: version };
  const manifest = { name: "runtime-app", private: true, type: "module", dependencies };
  writeFileSync(join(app, "package.json"), JSON.stringify(manifest, null, 2));
  return {
    folder,
    app,
    cli: join(modules, "convex/bin/main.js"),
    hasMeta: version === devDependencies.convex,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
