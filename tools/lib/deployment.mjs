// Runs the tests of tests/runtime/api and live on a deployment that is not ours.
import { randomUUID } from "node:crypto";
import { functionsOf, pushApp, startBackend } from "../../dev/backend/client.mjs";
import { binPath, Failure, run } from "./run.mjs";

/**
 * Pushes the tests' app to a deployment, runs test files on it, and deletes what they wrote. Fails
 * if a test does, or if the deployment holds other functions and `yes` is not set.
 *
 * @param {{ url: string, adminKey: string }} deployment
 * @param {{ app: string, cli: string, hasMeta: boolean }} prepared See prepareApp.
 * @param {{ files: string[], yes: boolean, quiet?: boolean }} options
 * `files` are parts of the files' paths. With `quiet` the output is kept back, and shown only if a
 * test fails; it resolves with it.
 */
export async function testDeployment(deployment, prepared, { files, yes, quiet }) {
  if (!yes) await refuseOthers(deployment, prepared);
  const { app, cli, hasMeta } = prepared;
  await pushApp(deployment, app, { cli });
  const { url, adminKey } = deployment;
  const shared = { url, adminKey };
  const provided = { app, shared, isForeign: true, run: randomUUID(), hasMeta };
  try {
    return await runTests(files, provided, quiet);
  } finally {
    await clear(deployment, provided.run);
  }
}

/** Fails if the deployment has functions that the tests' app has not: a push deletes them. */
export async function refuseOthers(deployment, { app, cli }) {
  const there = await functionsOf(deployment, app, { cli });
  if (there.length === 0) return;
  const ours = await functionsOfApp(app, cli);
  const others = there.filter((name) => !ours.includes(name));
  if (others.length === 0) return;
  const some = others.slice(0, 5).join(", ") + (others.length > 5 ? ", …" : "");
  throw new Failure(
    `The deployment at ${deployment.url} holds other functions (${others.length}): ${some}\n` +
      "The tests' app would replace them, and write to the component convexKv if there is one. Use a\n" +
      "deployment that is for tests alone, or say --yes.",
  );
}

/** What the tests' app has, as a backend that has nothing else tells it. */
async function functionsOfApp(app, cli) {
  const backend = await startBackend();
  try {
    await pushApp(backend, app, { cli });
    return await functionsOf(backend, app, { cli });
  } finally {
    await backend.stop();
  }
}

async function runTests(files, provided, quiet) {
  const args = [
    ...[binPath("vitest/vitest.mjs"), "run", ...files],
    ...["--config", "tests/runtime/vitest.config.ts"],
    ...["--reporter=default", "--reporter=tests/runtime/support/leftOut.mjs"],
  ];
  const env = { TEST_DEPLOYMENT: JSON.stringify(provided) };
  return await run(process.execPath, args, { env, quiet });
}

/** Deletes what the run wrote below its own prefix: the deployment goes on with it by itself. */
async function clear({ url }, run) {
  // Imported late, as all that needs node_modules.
  const { ConvexHttpClient } = await import("convex/browser");
  const { anyApi } = await import("convex/server");
  const client = new ConvexHttpClient(url, { logger: false });
  await client.mutation(anyApi.mutations.deleteAll, { store: ["tests", run], prefix: [] });
}
