// Starts the backend from a terminal, and has the CLI push an app to it whenever that changes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BackendFailure, cliEnvironment, cliPath, pushApp, startBackend } from "./client.mjs";

const usageOf = ({ command, appIfNoneIsNamed }) => `Usage: ${command}
  --help        says this
  --app FOLDER  the app to push; ${appIfNoneIsNamed}, unless told
  --once        pushes once, and does not watch
  --no-push     leaves pushing to others
  --port N      where to listen; 3210, unless told
  --clock TIME  stops the clock there: POST a number of ms to /dev/advance to move it
  --patience N  gives calls so many times the platform's time: 1, unless told`;

/**
 * Does what the arguments say until the backend ends. Resolves with the exit code.
 *
 * @param {string[]} args
 * @param {object} settings
 * @param {string} settings.command What the usage shows.
 * @param {string} settings.appIfNoneIsNamed What the usage calls the app in `app`.
 * @param {string} [settings.app] The app to push if the arguments name none.
 * @param {() => Promise<void>} [settings.prepare] What is to be done first.
 */
export async function startWith(args, { app, prepare, ...words }) {
  const options = parse(args);
  if (!options || options.help) {
    console.log(usageOf(words));
    return options ? 0 : 2;
  }
  await prepare?.();
  const { port, clock, patience } = options;
  const backend = await startBackend({ port, clock, patience, quiet: false });
  console.log(`The backend is at ${backend.url}. To push to it, or to ask it, from elsewhere:

  export CONVEX_SELF_HOSTED_URL=${backend.url}
  export CONVEX_SELF_HOSTED_ADMIN_KEY='${backend.adminKey}'
`);
  const pushed = options.app ?? app;
  if (pushed !== undefined && !options["no-push"]) {
    if (options.once) await pushApp(backend, pushed);
    else watch(backend, pushed);
  }
  const [code] = await once(backend.process, "exit");
  return code ?? 0;
}

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
    if (!isPort || !(patience > 0)) return undefined;
    return { ...values, port, patience, app: values.app && resolve(values.app) };
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const words = { command: "node start.mjs [OPTIONS]", appIfNoneIsNamed: "none" };
    process.exitCode = await startWith(process.argv.slice(2), words);
  } catch (error) {
    console.error(error instanceof BackendFailure ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
