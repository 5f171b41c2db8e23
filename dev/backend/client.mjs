// Starts the backend as a separate process, has Convex's CLI push to it, and asks it what a
// deployment does not tell. Needs nothing but Node.js itself until a backend starts.
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const nodeFlags = [
  "--experimental-vm-modules",
  // As in Convex, in which a module has no thread to compile in.
  "--no-wasm-async-compilation",
  "--no-warnings",
];

// Each call runs the same code in a new context, and leaves garbage alone. Code that was compiled
// whole at first is cached whole; and threads to compile and to collect in would wait for cores.
// Node.js 26 would collect such code in pauses that are longer than a call may take.
const nodeFlagsUntil22 = ["--no-lazy", "--max-semi-space-size=64", "--single-threaded"];

function flagsOf(node) {
  const version = node
    ? execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" })
    : process.versions.node;
  return parseInt(version, 10) <= 22 ? [...nodeFlags, ...nodeFlagsUntil22] : nodeFlags;
}

/** What went wrong, explained in full: no stack trace is wanted. */
export class BackendFailure extends Error {
  name = "BackendFailure";
}

/**
 * @param {object} [options]
 * @param {number} [options.port] 0: any that is free.
 * @param {string | number} [options.clock] The start of a clock that moves only when it is told to.
 * @param {boolean} [options.quiet] Whether to keep the table of calls to itself.
 * @param {number} [options.patience] How many times the platform's time calls may take.
 * @param {Record<string, number>} [options.limits] Limits of transactions that are lower than the
 *   platform's: `{ documentsWritten: 500 }`, to try with little data what happens beyond them.
 * @param {string} [options.node] The Node.js to run it with.
 * @returns `url` and `adminKey` as the clients and the CLI want them, `process`, and `stop()`.
 */
export async function startBackend(options = {}) {
  const { port = 0, clock, quiet = true, node, patience = 1, limits } = options;
  const args = ["--port", String(port), "--patience", String(patience)];
  if (limits !== undefined) args.push("--limits", JSON.stringify(limits));
  if (clock !== undefined) args.push("--clock", String(clock));
  if (quiet) args.push("--quiet");
  // It ends with this process, however that ends: its input ends then.
  args.push("--attached");
  // Imported late, as all that needs node_modules.
  const { backendProgram } = await import("./program.mjs");
  const command = [...flagsOf(node), await backendProgram(), ...args];
  const backend = spawn(node ?? process.execPath, command, {
    cwd: import.meta.dirname,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(backend.stdout);
  const first = await Promise.race([
    once(lines, "line"),
    once(backend, "exit").then(() => {
      throw new BackendFailure("The backend did not start");
    }),
  ]);
  const { url, adminKey } = JSON.parse(first[0]);
  lines.on("line", (line) => console.log(line));
  const stop = async () => {
    if (backend.exitCode !== null || backend.signalCode !== null) return;
    const ended = once(backend, "exit");
    backend.kill();
    await ended;
  };
  return { url, adminKey, process: backend, stop };
}

/** The environment in which Convex's CLI talks to one backend only. */
export function cliEnvironment({ url, adminKey }) {
  return {
    CI: "1", // no questions, and no reports to its makers
    CONVEX_DEPLOYMENT: undefined,
    CONVEX_DEPLOY_KEY: undefined,
    CONVEX_SELF_HOSTED_URL: url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
  };
}

/** Pushes the app in a folder, once. */
export async function pushApp(backend, app, { cli = cliPath() } = {}) {
  await deploy(backend, app, cli, []);
}

/**
 * What the CLI would push of the app in a folder to a deployment where nothing is yet. Resolves
 * with the request's file.
 */
export async function writePushRequest(app, file, { cli = cliPath() } = {}) {
  const deployment = await emptyDeployment();
  try {
    await deploy(deployment, app, cli, ["--write-push-request", file]);
  } finally {
    deployment.stop();
  }
  return `${file}.json`; // as the CLI calls it
}

/** One that can be asked what it has, which is nothing, and no more than that. */
async function emptyDeployment() {
  const has = { config: { functions: "convex/" }, moduleHashes: [], nodeDependencies: [] };
  const server = createServer((request, response) => {
    const isKnown = request.url === "/api/get_config_hashes";
    response.writeHead(isKnown ? 200 : 404, { "Content-Type": "application/json" });
    request.resume().on("end", () => response.end(JSON.stringify(isKnown ? has : {})));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  return { url, adminKey: "none", stop: () => void server.close() };
}

/** Pushes what such a file holds, as the CLI would: to one backend after another, bundled once. */
export async function sendPush({ url, adminKey }, file) {
  const post = (path, body) =>
    ask(`${url}/api/deploy2/${path}`, {
      method: "POST",
      body: JSON.stringify({ ...body, adminKey, dryRun: false }),
    });
  const request = JSON.parse(readFileSync(file, "utf8"));
  await post("finish_push", { startPush: await post("start_push", request) });
}

async function deploy(backend, app, cli, more) {
  const options = ["--typecheck", "disable", "--codegen", "disable", "-y", ...more];
  const { code, output } = await runCli(backend, app, cli, ["deploy", ...options]);
  if (code !== 0) throw new BackendFailure(`The push failed, with exit code ${code}:\n${output}`);
}

/**
 * The names of the functions that a deployment has, as the CLI tells them ("kv.js:get"), and its
 * HTTP actions ("GET /path"). Those of components are not among them.
 *
 * @param {string} app A folder to run the CLI in.
 */
export async function functionsOf(backend, app, { cli = cliPath() } = {}) {
  const { code, stdout, output } = await runCli(backend, app, cli, ["function-spec"]);
  if (code !== 0) {
    throw new BackendFailure(`${backend.url} does not tell its functions:\n${output}`);
  }
  return JSON.parse(stdout).functions.map(
    ({ identifier, method, path }) => identifier ?? `${method} ${path}`,
  );
}

/** Resolves with the CLI's exit code, whatever that is, its stdout, and all its output. */
function runCli(backend, app, cli, args) {
  const env = { ...process.env, ...cliEnvironment(backend) };
  const settings = { cwd: app, env, maxBuffer: Infinity };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args], settings, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? error?.signal ?? 0, stdout, output: stdout + stderr }),
    );
    child.stdin.end();
  });
}

/** Sets environment variables, as `npx convex env set` does; null takes one away. */
export async function setEnvironment({ url, adminKey }, variables) {
  const changes = Object.entries(variables).map(([name, value]) => ({ name, value }));
  await ask(`${url}/api/update_environment_variables`, {
    method: "POST",
    headers: { Authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ changes }),
  });
}

/** The records of the calls with a greater id (engine/calls.ts). */
export async function callsSince({ url }, id) {
  return await ask(`${url}/dev/calls?since=${id}`);
}

/**
 * Empties a backend's database, and sets its clock back, if that is its own. Transactions then have
 * lower limits than the platform's, if `limits` has any.
 */
export async function resetBackend({ url }, limits) {
  const body = limits && JSON.stringify(limits);
  await ask(`${url}/dev/reset`, { method: "POST", body });
}

/** Sets how many times the platform's time calls may take from now on. */
export async function setPatience({ url }, factor) {
  await ask(`${url}/dev/patience`, { method: "POST", body: String(factor) });
}

/**
 * Moves a backend's own clock on, and waits until what was due by then has run. Resolves with the
 * time.
 */
export async function advanceClock({ url }, milliseconds) {
  const { now } = await ask(`${url}/dev/advance`, { method: "POST", body: String(milliseconds) });
  return now;
}

async function ask(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) throw new BackendFailure(`${url}: ${await response.text()}`);
  return await response.json();
}

/** The CLI of the `convex` that is installed here. */
export function cliPath() {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve("convex/package.json")), "bin/main.js");
}
