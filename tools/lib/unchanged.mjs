// Whether a check would only repeat itself.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesBelow } from "./files.mjs";
import { root } from "./run.mjs";

const folder = ".cache/passed";

/**
 * Runs `check`, unless it passed before, on the same Node.js, with the same contents of all files
 * below `places` (folders or files, relative to the root): what it says depends on nothing else.
 */
export async function unlessUnchanged(name, places, check) {
  const passed = join(root, folder, name);
  const state = checksumOf(places);
  if (existsSync(passed) && readFileSync(passed, "utf8") === state) {
    console.log("Nothing that it depends on has changed since it passed.");
    return;
  }
  rmSync(passed, { force: true });
  await check();
  mkdirSync(dirname(passed), { recursive: true });
  writeFileSync(passed, state);
}

function checksumOf(places) {
  const hash = createHash("sha256").update(process.version);
  for (const file of filesBelow(places, (file) => !/(^|\/)(node_modules|\.cache)\//.test(file))) {
    hash.update(`\n${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}
