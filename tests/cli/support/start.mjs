// Once for all files: packs the program, and starts a backend with an app that has the
// component and nothing else.
import { join } from "node:path";
import { pushApp, startBackend } from "../../../dev/backend/client.mjs";
import { PATIENCE } from "../../../dev/backend/testing/limits.mjs";
import { packExplorer } from "../../../tools/lib/explorer.mjs";

/** Lower than the platform's, so that little data is more than one transaction takes. */
const LIMITS = { documentsWritten: 3_000 };

export default async function start(project) {
  const backend = await startBackend({ patience: PATIENCE, limits: LIMITS });
  const [{ folder }] = await Promise.all([
    packExplorer(),
    pushApp(backend, join(import.meta.dirname, "../app")),
  ]);
  project.provide("program", join(folder, "dist/main.js"));
  project.provide("backend", backend.url);
  project.provide("adminKey", backend.adminKey);
  return () => backend.stop();
}
