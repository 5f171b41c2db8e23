// Starts the development backend with the example app, or another, and keeps pushing what changes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { cliEnvironment, cliPath, pushApp, startBackend } from "../dev/backend/client.mjs";
import { build } from "./build.mjs";
import { root, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const usage = `Usage: npm run backend [-- OPTIONS]
  --help        says this
  --app FOLDER  the app to push; the example of this repository, unless told
  --once        pushes once, and does not watch
  --no-push     leaves pushing to others
  --port N      where to listen; 3210, unless told
  --clock TIME  stops the clock there: POST a number of ms to /dev/advance to move it
  --patience N  gives calls so many times the platform's time: 1, unless told`;

await runAsScript(import.meta.url, async (args) => {
  const options = parse(args);
  if (!options || options.help) {
    console.log(usage);
    process.exitCode = options ? 0 : 2;
    return;
  }
  await setup();
  await build();
  const { port, clock, patience } = options;
  const backend = await startBackend({ port, clock, patience, quiet: false });
  console.log(`The backend is at ${backend.url}. To push to it, or to ask it, from elsewhere:

  export CONVEX_SELF_HOSTED_URL=${backend.url}
  export CONVEX_SELF_HOSTED_ADMIN_KEY='${backend.adminKey}'
`);
  if (options.once) await pushApp(backend, options.app);
  else if (!options["no-push"]) watch(backend, options.app);
  const [code] = await once(backend.process, "exit");
  process.exitCode = code ?? 0;
});

function parse(args) {
  const given = { type: "string" };
  const flag = { type: "boolean" };
  const options = {
    ...{ help: flag, once: flag, "no-push": flag },
    ...{ app: given, port: given, clock: given, patience: given },
  };
  try {
    const { values } = parseArgs({ args, options });
    const port = Number(values.port ?? 3210);
    const isPort = Number.isInteger(port) && port >= 0 && port < 65_536;
    const patience = Number(values.patience ?? 1);
    if (!(patience > 0)) return undefined;
    return isPort ? { ...values, port, patience, app: resolve(values.app ?? root) } : undefined;
  } catch {
    return undefined;
  }
}

/** The CLI's own watch: it pushes now, and whenever the app changes. */
function watch(backend, app) {
  const options = ["--typecheck", "disable", "--codegen", "disable", "--tail-logs", "disable"];
  const cli = spawn(process.execPath, [cliPath(), "dev", ...options], {
    cwd: app,
    env: { ...process.env, ...cliEnvironment(backend) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  backend.process.on("exit", () => cli.kill());
}
