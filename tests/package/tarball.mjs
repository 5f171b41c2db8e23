// Packs the package, and looks at which files came along.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../../tools/lib/run.mjs";
import { check, expect } from "./checks.mjs";
import { reachableFiles, sourcesOf } from "./reachable.mjs";

/** Packs into `folder`. Resolves with the tarball's path, its files, and its size in bytes. */
export async function pack(folder) {
  // The build has run: without scripts, npm's answer stands alone on stdout.
  const answer = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    { quiet: true },
  );
  const [{ filename, files, size }] = Object.values(JSON.parse(answer));
  return { tarball: join(folder, filename), files, size };
}

/** Expects the tarball to hold what it needs and nothing else, by what `pack` tells of it. */
export async function checkFiles({ files, size }) {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  await check("the tarball holds what its exports lead to and nothing else", async () => {
    const expected = new Set([...papers, ...(await reachableFiles(exports))].filter(isShipped));
    const paths = new Set(files.map(({ path }) => path));
    const missing = [...expected].filter((path) => !paths.has(path));
    const needless = [...paths].filter((path) => !expected.has(path));
    expect(missing.length === 0, `Not in the tarball: ${missing.join(" ")}`);
    expect(needless.length === 0, `Needless in the tarball: ${needless.join(" ")}`);
    return `${paths.size} files, ${kilobytes(size)} packed`;
  });
  await check("every export leads to a file of the tarball", () => {
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target),
    );
    const paths = new Set(files.map(({ path }) => `./${path}`));
    const lost = targets.filter((target) => !paths.has(target));
    expect(lost.length === 0, `Exported, but not in the tarball: ${lost.join(" ")}`);
  });
  await check("every map leads from a file to its source in the tarball", () => {
    const paths = new Set(files.map(({ path }) => path));
    const maps = [...paths].filter((path) => path.endsWith(".map"));
    for (const map of maps) {
      expect(paths.has(map.replace(/\.map$/, "")), `There is no file to ${map}`);
      const lost = sourcesOf(map).filter((source) => isShipped(source) && !paths.has(source));
      expect(lost.length === 0, `${map} leads to ${lost.join(" ")}, which is not in the tarball`);
    }
    return `${maps.length} maps`;
  });
}

const papers = ["package.json", "README.md", "CHANGELOG.md", "LICENSE"];

/** The built core is in the bundles, and has no source but itself. */
function isShipped(file) {
  return !file.startsWith("js/core/generated/");
}

export function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
