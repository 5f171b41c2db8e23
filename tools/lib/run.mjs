// Runs other programs. What fails, throws.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The repository's root, where every command runs unless told otherwise. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A failure that its message explains in full: no stack trace is wanted. */
export class Failure extends Error {}

/**
 * Runs a program and waits for it. Its output goes to ours; with `quiet` it is kept back, and shown
 * only if the program fails. Resolves with what was kept of stdout.
 */
export async function run(command, args, options = {}) {
  const { code, signal, stdout, output } = await attempt(command, args, options);
  if (code === 0) return stdout;
  process.stderr.write(output);
  const line = [command, ...args].join(" ");
  const shown = line.length > 200 ? `${line.slice(0, 200)}...` : line;
  throw new Failure(`${shown} ended with ${signal ?? `exit code ${code}`}`);
}

/** Like `run`, but leaves it to the caller whether the program did what it should. */
export function attempt(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const stream = quiet ? "pipe" : "inherit";
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", stream, stream],
    });
    const stdout = [];
    const output = [];
    child.stdout?.on("data", (chunk) => (stdout.push(chunk), output.push(chunk)));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) =>
      reject(new Failure(`${command} could not start: ${error.message}`)),
    );
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout: text(stdout), output: text(output) });
    });
  });
}

function text(chunks) {
  return Buffer.concat(chunks).toString();
}

/**
 * Runs a script of an installed npm package's, for example `runBin("eslint/bin/eslint.js", ["."])`.
 */
export function runBin(script, args, options) {
  return run(process.execPath, [binPath(script), ...args], options);
}

/** Where such a script is. */
export function binPath(script) {
  return `${root}node_modules/${script}`;
}

/** Reports an error that ends the script. */
export function fail(error) {
  // The development backend has its own class: it is loaded only if it is used.
  const isExplained = error instanceof Failure || error?.name === "BackendFailure";
  console.error(isExplained ? `\n${error.message}` : error);
  process.exitCode = 1;
}

/** Runs `main` if `moduleUrl` is the script that Node.js was started with. */
export async function runAsScript(moduleUrl, main) {
  if (process.argv[1] !== fileURLToPath(moduleUrl)) return;
  await main(process.argv.slice(2)).catch(fail);
}
