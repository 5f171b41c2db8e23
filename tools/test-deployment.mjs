// Runs the tests of tests/runtime/api and live on a deployment that is there already: a self-hosted
// one, one in Convex's cloud, or `npm run backend`. CONTRIBUTING.md tells how.
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { testDeployment } from "./lib/deployment.mjs";
import { runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const usage = `Usage: npm run test:deployment -- --url URL --admin-key KEY [OPTIONS] [FILES]
  --url URL        the deployment, for example http://127.0.0.1:3210
  --admin-key KEY  its admin key, or a deploy key
  --yes            goes on if the deployment holds other functions: they are replaced
  --help           says this
  FILES            parts of the test files' paths; api/ and live/, unless told`;

await runAsScript(import.meta.url, async (args) => {
  const options = parse(args);
  if (!options || options.help) {
    console.log(usage);
    process.exitCode = options ? 0 : 2;
    return;
  }
  await setup();
  await build();
  // Imported late, as all that needs node_modules.
  const { prepareApp } = await import("../tests/runtime/support/preparedApp.mjs");
  const prepared = await prepareApp();
  try {
    await testDeployment(options.deployment, prepared, options);
  } finally {
    prepared.remove();
  }
});

/** @returns What was asked for; undefined if it cannot be made out. */
export function parse(args) {
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
