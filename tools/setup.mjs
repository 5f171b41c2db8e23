// Brings the machine to where everything else can run: Debian packages and npm packages. Installs
// only what is missing, so it takes no time if nothing is. Uses nothing but Node.js itself.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machine, missingPackages } from "./lib/packages.mjs";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";

const install = ["install", "-y", "--no-install-recommends", "--no-remove"];

/** @param {{ browser?: boolean }} [options] Whether a browser is needed too. */
export async function setup(options) {
  // In parallel: one waits for the network while the other unpacks.
  await bothOf(setUpDebian(options), setUpNodeModules());
}

/** The part of `setup` that brings Debian packages. */
export async function setUpDebian(options) {
  await setUpMachine(machine, process.getuid?.() === 0, run, options);
}

/** Waits for both, so that neither is interrupted, and then throws what the first one threw. */
async function bothOf(...tasks) {
  for (const { status, reason } of await Promise.allSettled(tasks)) {
    if (status === "rejected") throw reason;
  }
}

/** Fails if this Node.js is older than what the tools run on. */
export function checkNode(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Failure(`Node.js 20.19 or newer is needed; this is ${version}.`);
}

/** Installs the Debian packages that are missing, or says how to. */
export async function setUpMachine(probe, isRoot, runner = run, options = {}) {
  const missing = missingPackages(probe, options);
  if (missing.length === 0) return;
  if (!probe.hasCommand("apt-get")) {
    throw new Failure(
      `Missing on this machine: what Debian packages as ${missing.join(" ")}.\n` +
        "Install these with your system's package manager, then run this again.",
    );
  }
  if (!isRoot) {
    throw new Failure(
      "Missing on this machine. Install it, then run this again:\n" +
        `  sudo apt-get update && sudo apt-get ${install.slice(0, 3).join(" ")} ${missing.join(" ")}`,
    );
  }
  console.log(`Set-up: installing ${missing.join(" ")} with apt-get`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runner("apt-get", ["update"], { env, quiet: true });
  // --no-remove: fail rather than remove something that the machine has, such as its Node.js.
  await runner("apt-get", [...install, ...missing], { env, quiet: true });
  const still = missingPackages(probe, options);
  if (still.length > 0) throw new Failure(`Installed, but still not found: ${still.join(" ")}`);
}

/** The part of `setup` that brings npm packages. */
export async function setUpNodeModules() {
  checkNode(process.versions.node);
  const stamp = join(root, "node_modules/.installed-lock");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (read(stamp) === wanted) return;
  console.log("Set-up: installing npm packages with npm ci");
  // No package here needs its install script.
  await run("npm", ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"], {
    quiet: true,
  });
  writeFileSync(stamp, wanted);
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

await runAsScript(import.meta.url, () => setup({ browser: true }));
