// Sets up, builds, and runs the example app's tour on the development backend. Then it serves the
// KV Explorer with sample data, until it is told to end.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cliEnvironment, pushApp, setEnvironment, startBackend } from "../dev/backend/client.mjs";
import { build } from "./build.mjs";
import { serveExplorer } from "./lib/explorer.mjs";
import { attempt, binPath, root, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

/** Ends after the tour: for scripts, which must not wait. */
const flags = ["--once"];

/** Where the story begins: a Monday morning. */
const clock = "2026-03-02T09:00Z";

await runAsScript(import.meta.url, async (args) => {
  if (args.some((arg) => !flags.includes(arg))) {
    console.error("Usage: npm run demo [-- --once]");
    process.exitCode = 2;
    return;
  }
  await setup();
  await build();
  process.exitCode = await tour();
  if (process.exitCode === 0 && !args.includes("--once")) await explore();
});

async function tour() {
  const backend = await startBackend({ clock, patience: 10 });
  try {
    await pushApp(backend, root);
    const tsx = binPath("tsx/dist/cli.mjs");
    const tour = [tsx, "--tsconfig", "example/tsconfig.json", "example/tour.ts"];
    // What went wrong, the tour itself has told.
    const { code } = await attempt(process.execPath, tour, { env: cliEnvironment(backend) });
    return code ?? 1;
  } finally {
    await backend.stop();
  }
}

async function explore() {
  // Another backend: the tour's clock stands still, and things are to expire here.
  const backend = await startBackend({ patience: 10 });
  try {
    const key = randomBytes(12).toString("base64url");
    await setEnvironment(backend, { KV_EXPLORER_KEY: key });
    await pushApp(backend, root);
    // Imported late, as all that needs node_modules.
    const { ConvexHttpClient } = await import("convex/browser");
    const { anyApi } = await import("convex/server");
    const client = new ConvexHttpClient(backend.url, { logger: false });
    await client.mutation(anyApi.sample.load, {});
    const explorer = await serveExplorer({ url: backend.url });
    console.log(
      `\nThe KV Explorer is at ${explorer.url} with sample data. It asks for a key: ${key}\nCtrl-C ends it.`,
    );
    await Promise.race([
      once(process, "SIGINT"),
      once(process, "SIGTERM"),
      once(backend.process, "exit"),
    ]);
    await explorer.stop();
  } finally {
    await backend.stop();
  }
}
