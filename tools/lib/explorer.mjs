// Builds and packs the KV Explorer's package, explorer/, and runs what was packed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { filesBelow } from "./files.mjs";
import { licencesOf, licenceText } from "./licences.mjs";
import { Failure, root, run, runBin } from "./run.mjs";

const source = join(root, "explorer");
const built = join(source, "dist");
/** The tarball, and what it holds, in `package/`. */
const packed = join(root, ".cache/explorer");
// Written last, so that it stands for all that came before.
const stamp = join(packed, ".sha256");

/**
 * Serves the page of the packed explorer, as `npx @hamzasaleemorg/convex-kv-explorer` does.
 *
 * @param {object} options
 * @param {string} options.url The backend, or any deployment.
 * @param {number} [options.port] Default: any that is free.
 * @returns `url`, at which it is served, on loopback; and `stop()`.
 */
export async function serveExplorer({ url, port = 0 }) {
  const { folder } = await packExplorer();
  return await runExplorer(folder, ["--url", url, "--port", String(port)]);
}

/**
 * A script that gives a tab the key before it loads the page: it asks nobody then.
 *
 * @param {string} url The deployment's.
 * @param {string} key
 */
export function keyScript(url, key) {
  const tab = "opened by a script";
  const item = [`convex-kv-explorer-key ${url}`, JSON.stringify({ tab, key })];
  const args = item.map((text) => JSON.stringify(text)).join(", ");
  return `window.name = ${JSON.stringify(tab)}; sessionStorage.setItem(${args});`;
}

/** Runs an unpacked explorer until it is told to stop. */
export async function runExplorer(folder, args, options = {}) {
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const program = join(folder, bin["convex-kv-explorer"]);
  const child = spawn(process.execPath, [program, "--no-open", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    ...options,
  });
  // It must not outlive who started it.
  const kill = () => child.kill();
  process.once("exit", kill);
  const [line] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(([code]) => {
      throw new Failure(`The explorer ended with exit code ${code}`);
    }),
  ]);
  const stop = async () => {
    process.off("exit", kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill();
    await ended;
  };
  return { url: /http:\/\/127\.0\.0\.1:\d+\//.exec(line)[0], line, stop };
}

/**
 * Builds and packs it, if anything that it is made of has changed since. Resolves with the tarball,
 * and the folder that it was unpacked into.
 */
export async function packExplorer() {
  const hash = hashOfSources();
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const tarball = join(packed, `hamzasaleemorg-convex-kv-explorer-${version}.tgz`);
  const result = { tarball, folder: join(packed, "package") };
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return result;
  await buildExplorer();
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  const flags = ["--ignore-scripts", "--pack-destination", packed];
  await run("npm", ["pack", ...flags], { cwd: source, quiet: true });
  await run("tar", ["-xzf", tarball, "-C", packed]);
  writeFileSync(stamp, hash);
  return result;
}

/** Builds the page, the program, and what is to be said of others' code in them. */
export async function buildExplorer() {
  rmSync(built, { recursive: true, force: true });
  const env = { NODE_ENV: "production" };
  const config = ["--config", join(source, "page/vite.config.ts")];
  await runBin("vite/bin/vite.js", ["build", ...config], { env, quiet: true });
  const ofPage = join(built, "page/licences.json");
  const licences = JSON.parse(readFileSync(ofPage, "utf8"));
  rmSync(ofPage);
  licences.push(...licencesOf(await buildProgram()));
  writeFileSync(join(built, "THIRD-PARTY-LICENSES.txt"), licenceText(licences));
}

/** Writes the program, one file with all that it needs. Resolves with the files it is made of. */
async function buildProgram() {
  // Imported late, as all that needs node_modules.
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["explorer/cli/main.ts"],
    outfile: "explorer/dist/main.js",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minifySyntax: true,
    // Some of it is CommonJS, which calls require for what Node.js brings.
    banner: {
      js: `#!/usr/bin/env node
import { createRequire as requireFor } from "node:module";
const require = requireFor(import.meta.url);`,
    },
    // The one for Node.js brings a WebSocket client too.
    alias: { "convex/browser": join(root, "node_modules/convex/dist/esm/browser/index.js") },
    metafile: true,
    logLevel: "error",
  });
  return Object.keys(metafile.inputs);
}

function hashOfSources() {
  const hash = createHash("sha256");
  const files = filesBelow(["explorer", "js", "dist/js", "tools/lib"], isSource);
  for (const file of [...files, "package-lock.json"]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function isSource(file) {
  return !/^explorer\/(dist|node_modules)\//.test(file);
}
