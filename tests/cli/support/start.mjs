// Once for all files: packs the program, and has the CLI bundle an app that has the component and
// nothing else.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePushRequest } from "../../../dev/backend/client.mjs";
import { packExplorer } from "../../../tools/lib/explorer.mjs";

export default async function start(project) {
  const bundled = mkdtempSync(join(tmpdir(), "kv-cli-app-"));
  const [{ folder }] = await Promise.all([
    packExplorer(),
    // Where it is looked for: dev/backend/testing/ownBackend.ts.
    writePushRequest(join(import.meta.dirname, "../app"), join(bundled, "push")),
  ]);
  project.provide("program", join(folder, "dist/main.js"));
  project.provide("bundledApp", bundled);
  return () => rmSync(bundled, { recursive: true });
}
