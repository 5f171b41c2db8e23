// Once for all files: packs the package, installs it in a copy of tests/runtime/app, has the CLI bundle
// that, and starts a backend with it for those that can share one.
import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sendPush, startBackend, writePushRequest } from "../../../tools/lib/backend.mjs";
import { root } from "../../../tools/lib/run.mjs";
import { install } from "../../package/install.mjs";
import { pack } from "../../package/tarball.mjs";

export default async function setup(project) {
  const folder = mkdtempSync(join(tmpdir(), "convex-kv-runtime-"));
  const app = join(folder, "app");
  cpSync(join(root, "tests/runtime/app"), app, { recursive: true });
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  // The stage "oldest" of `npm test` has them run with the oldest convex that the package admits.
  const version = process.env.CONVEX_VERSION ?? devDependencies.convex;
  await install(app, [await pack(folder), `convex@${version}`]);
  project.provide("hasMeta", version === devDependencies.convex);
  project.provide("app", app);
  project.provide("run", randomUUID());
  const backend = await startBackend({ patience: 10 });
  const cli = join(app, "node_modules/convex/bin/main.js");
  const push = await writePushRequest(backend, app, join(folder, "push"), { cli });
  project.provide("push", push);
  await sendPush(backend, push);
  project.provide("shared", { url: backend.url, adminKey: backend.adminKey });
  project.provide("isForeign", false);
  return async () => {
    await backend.stop();
    rmSync(folder, { recursive: true });
  };
}
