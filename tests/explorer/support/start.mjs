// Once for all files: has the CLI bundle the example app, packs the explorer, and starts a browser.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePushRequest } from "../../../dev/backend/client.mjs";
import { startBrowser } from "../../../tools/lib/browser.mjs";
import { packExplorer } from "../../../tools/lib/explorer.mjs";
import { root } from "../../../tools/lib/run.mjs";

export default async function start(project) {
  const bundled = mkdtempSync(join(tmpdir(), "kv-explorer-app-"));
  const [browser, { folder }] = await Promise.all([
    startBrowser(),
    packExplorer(),
    // Where it is looked for: dev/backend/testing/ownBackend.ts.
    writePushRequest(root, join(bundled, "push")),
  ]);
  project.provide("browser", browser.wsEndpoint());
  project.provide("bundledApp", bundled);
  project.provide("page", join(folder, "dist/page"));
  return async () => {
    await browser.close();
    rmSync(bundled, { recursive: true });
  };
}
