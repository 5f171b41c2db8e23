// Finding the files that a tool is for.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

/** The files below `folders` (relative to the root) that `matches` says yes to, relative to the root, sorted. */
export function filesBelow(folders, matches) {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length)),
    )
    .filter(matches)
    .sort();
}
