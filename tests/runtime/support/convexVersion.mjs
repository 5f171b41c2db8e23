// Versions of convex for the tests' app: the repository's own, or another, installed once.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root } from "../../../tools/lib/run.mjs";
import { install } from "../../package/install.mjs";

const cache = join(root, ".cache");

/** Resolves with the folder of `convex` in that version, beside which are those that it needs. */
export async function convexOf(version) {
  const own = join(root, "node_modules/convex");
  if (versionIn(own) === version) return own;
  const folder = join(cache, `convex-${version}`);
  const installed = join(folder, "node_modules/convex");
  if (existsSync(installed)) return installed;
  // Not there before it is whole.
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  writeFileSync(join(unfinished, "package.json"), JSON.stringify({ private: true }));
  await install(unfinished, [`convex@${version}`]);
  renameSync(unfinished, folder);
  return installed;
}

function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}
