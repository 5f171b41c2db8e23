// Sets up, builds, and starts the development backend with the example app, or another.
import { startWith } from "../dev/backend/start.mjs";
import { build } from "./build.mjs";
import { root, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await runAsScript(import.meta.url, async (args) => {
  process.exitCode = await startWith(args, {
    command: "npm run backend [-- OPTIONS]",
    app: root,
    appIfNoneIsNamed: "the example of this repository",
    prepare: async () => {
      await setup();
      await build();
    },
  });
});
