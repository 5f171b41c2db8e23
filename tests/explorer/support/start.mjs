// Once for all files: a backend with the example app and its data, the explorer as it is built, and
// a browser.
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { pushApp, setEnvironment, startBackend } from "../../../dev/backend/client.mjs";
import { startBrowser } from "../../../tools/lib/browser.mjs";
import { serveExplorer } from "../../../tools/lib/explorer.mjs";
import { root } from "../../../tools/lib/run.mjs";
import { PATIENCE } from "../../../dev/backend/testing/limits.mjs";

/** Entries below ["many"]: more than one call lists, and more than one transaction deletes. */
const MANY = 3_000;
const BATCH = 1_500;
/** What the explorer asks for. */
const KEY = "a key for the tests only";
const LIMITS = { documentsWritten: 3_200 };

export default async function start(project) {
  const backend = await startBackend({ patience: PATIENCE, limits: LIMITS });
  const [explorer, browser] = await Promise.all([
    serveExplorer({ url: backend.url }),
    startBrowser(),
    load(backend),
  ]);
  project.provide("backend", backend.url);
  project.provide("explorer", explorer.url);
  project.provide("key", KEY);
  project.provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await explorer.stop();
    await backend.stop();
  };
}

async function load(backend) {
  await setEnvironment(backend, { KV_EXPLORER_KEY: KEY });
  await pushApp(backend, root);
  const client = new ConvexHttpClient(backend.url, { logger: false });
  await client.mutation(anyApi.sample.load, {});
  for (let from = 0; from < MANY; from += BATCH) {
    await client.mutation(anyApi.sample.loadMany, { prefix: ["many"], from, count: BATCH });
  }
}
