// Runs the tests of tests/runtime/api and live on a deployment that is there already: a self-hosted
// one, one in Convex's cloud, or `npm run backend`.
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { functionsOf, pushApp, startBackend } from "./lib/backend.mjs";
import { Failure, runAsScript, runBin } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const usage = `Usage: npm run test:deployment -- --url URL --admin-key KEY [OPTIONS] [FILES]
  --url URL        the deployment, for example http://127.0.0.1:3210
  --admin-key KEY  its admin key, or a deploy key of it
  --yes            goes on if the deployment holds other functions: they are replaced
  --help           says this
  FILES            runs only the test files whose paths contain one of these; all of api/ and live/, unless told`;

await runAsScript(import.meta.url, async (args) => {
  const options = parse(args);
  if (!options || options.help) {
    console.log(usage);
    process.exitCode = options ? 0 : 2;
    return;
  }
  await setup();
  await build();
  await testDeployment(options);
});

function parse(args) {
  const given = { type: "string" };
  const flag = { type: "boolean" };
  const options = { help: flag, yes: flag, url: given, "admin-key": given };
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const { help, yes = false, url, "admin-key": adminKey } = values;
    if (help) return { help };
    if (!adminKey || !/^https?:$/.test(new URL(url).protocol)) return undefined;
    const files = positionals.length > 0 ? positionals : ["api/", "live/"];
    return { yes, files, deployment: { url: url.replace(/\/+$/, ""), adminKey } };
  } catch {
    return undefined;
  }
}

async function testDeployment({ deployment, files, yes }) {
  // Imported late, as all that needs node_modules.
  const { prepareApp } = await import("../tests/runtime/support/preparedApp.mjs");
  const { app, cli, hasMeta, remove } = await prepareApp();
  try {
    if (!yes) await refuseOthers(deployment, app, cli);
    console.log(`Pushing the tests' app to ${deployment.url}`);
    await pushApp(deployment, app, { cli });
    const run = randomUUID();
    try {
      await runTests(files, { app, push: "", shared: deployment, isForeign: true, run, hasMeta });
    } finally {
      await clear(deployment, run);
    }
  } finally {
    remove();
  }
}

/** Fails if the deployment has functions that the tests' app has not: a push deletes them. */
async function refuseOthers(deployment, app, cli) {
  const there = await functionsOf(deployment, app, { cli });
  if (there.length === 0) return;
  const ours = await functionsOfApp(app, cli);
  const others = there.filter((name) => !ours.includes(name));
  if (others.length === 0) return;
  const some = others.slice(0, 5).join(", ") + (others.length > 5 ? ", …" : "");
  throw new Failure(
    `The deployment at ${deployment.url} holds ${others.length} other functions: ${some}\n` +
      "The tests' app would replace them, and change what a component convexKv stores there. Take a\n" +
      "deployment that is for tests alone, or say --yes.",
  );
}

/** What the tests' app has: a backend that has nothing else tells it in the same way. */
async function functionsOfApp(app, cli) {
  const backend = await startBackend();
  try {
    await pushApp(backend, app, { cli });
    return await functionsOf(backend, app, { cli });
  } finally {
    await backend.stop();
  }
}

async function runTests(files, provided) {
  const args = [
    ...["run", ...files, "--config", "tests/runtime/vitest.config.ts"],
    ...["--reporter=default", "--reporter=tests/runtime/support/leftOut.mjs"],
  ];
  const env = { TEST_DEPLOYMENT: JSON.stringify(provided) };
  await runBin("vitest/vitest.mjs", args, { env });
}

/** Deletes what the run has written below its own prefix. */
async function clear({ url }, run) {
  const { ConvexHttpClient } = await import("convex/browser");
  const { anyApi } = await import("convex/server");
  const client = new ConvexHttpClient(url, { logger: false });
  const below = { store: ["tests", run], prefix: [] };
  // The deployment goes on by itself.
  await client.mutation(anyApi.mutations.deleteAll, below);
}
