// Finding the files that a tool is for.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * The files below `places` (folders, or files themselves, relative to the root) that `matches` says
 * yes to, relative to the root, sorted.
 */
export function filesBelow(places, matches) {
  return places
    .filter((place) => existsSync(join(root, place)))
    .flatMap((place) =>
      statSync(join(root, place)).isFile()
        ? [place]
        : readdirSync(join(root, place), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length)),
    )
    .filter(matches)
    .sort();
}
