// The compilers and package managers that the package is tried with: toolchain/package.json pins
// them. Outside the project's own node_modules, since nothing else needs them. Installed once.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../../tools/lib/run.mjs";

const pinned = join(root, "tests/package/toolchain");
const folder = join(root, ".cache/toolchain");
const files = ["package.json", "package-lock.json"];

/** Resolves with the folder in whose node_modules they are. */
export async function toolchain() {
  if (files.every((file) => sameText(join(pinned, file), join(folder, file)))) return folder;
  // Not there before it is whole.
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  for (const file of files) copyFileSync(join(pinned, file), join(unfinished, file));
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["ci", ...flags], { cwd: unfinished, quiet: true });
  renameSync(unfinished, folder);
  return folder;
}

function sameText(a, b) {
  return existsSync(b) && readFileSync(a, "utf8") === readFileSync(b, "utf8");
}

/** Runs the tasks, two at a time, as many as the smallest machines have cores. */
export async function inPairs(tasks) {
  const left = [...tasks];
  const work = async () => {
    for (let task = left.shift(); task; task = left.shift()) await task();
  };
  await Promise.all([work(), work()]);
}
