// Builds the KV Explorer's package, before it is packed.
import { build } from "./build.mjs";
import { buildExplorer } from "./lib/explorer.mjs";
import { runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await runAsScript(import.meta.url, async () => {
  await setup();
  await build();
  await buildExplorer();
});
