// Once for all files: installs the app, has the CLI bundle it, and starts a backend with it for
// those that can share one. For `npm run test:deployment` all that is done, on somebody's
// deployment.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { sendPush, startBackend, writePushRequest } from "../../../dev/backend/client.mjs";
import { PATIENCE } from "../../../dev/backend/testing/limits.mjs";
import { prepareApp } from "./preparedApp.mjs";

export default async function setup(project) {
  const provide = (values) => {
    for (const [name, value] of Object.entries(values)) project.provide(name, value);
  };
  const { TEST_DEPLOYMENT } = process.env;
  if (TEST_DEPLOYMENT) return provide(JSON.parse(TEST_DEPLOYMENT));

  const starting = startBackend({ patience: PATIENCE });
  try {
    const { folder, app, cli, hasMeta, remove } = await prepareApp();
    // Where the tests look for it: dev/backend/testing/ownBackend.ts.
    const push = await writePushRequest(app, join(app, "push"), { cli });
    const backend = await starting;
    await sendPush(backend, push);
    const shared = { url: backend.url, adminKey: backend.adminKey };
    provide({ app, scratch: folder, shared, isForeign: false, run: randomUUID(), hasMeta });
    return async () => {
      await backend.stop();
      remove();
    };
  } catch (error) {
    await (await starting).stop();
    throw error;
  }
}
