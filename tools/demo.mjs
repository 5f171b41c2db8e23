// Sets up, builds, and runs the example app's tour on an embedded stand-in for a deployment.
import { build } from "./build.mjs";
import { runAsScript, runBin } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await runAsScript(import.meta.url, async (args) => {
  await setup();
  await build();
  await runBin("tsx/dist/cli.mjs", [
    "--tsconfig",
    "example/tsconfig.json",
    "example/tour.ts",
    ...args,
  ]);
});
