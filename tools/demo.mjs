// Sets up, builds, and runs the example app's tour on the development backend.
import { build } from "./build.mjs";
import { cliEnvironment, pushApp, startBackend } from "./lib/backend.mjs";
import { attempt, binPath, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

// The tour ends by itself, so --once changes nothing today. It is for scripts that must not wait
// once there is something here that goes on.
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
  const backend = await startBackend({ clock });
  try {
    await pushApp(backend);
    const tsx = binPath("tsx/dist/cli.mjs");
    const tour = [tsx, "--tsconfig", "example/tsconfig.json", "example/tour.ts"];
    // What went wrong, the tour itself has told.
    const { code } = await attempt(process.execPath, tour, { env: cliEnvironment(backend) });
    process.exitCode = code ?? 1;
  } finally {
    await backend.stop();
  }
});
