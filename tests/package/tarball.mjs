// Packs the package, and looks at which files came along.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesBelow } from "../../tools/lib/files.mjs";
import { root, run } from "../../tools/lib/run.mjs";
import { modules } from "../../tools/lib/wasm.mjs";
import { check, expect } from "./checks.mjs";
import { reachableFiles } from "./reachable.mjs";

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
  await check("the tarball holds what it needs and nothing else", () => {
    const expected = expectedFiles();
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
  // A module is a .js and a .d.ts file, their maps and a source.
  await check("every module of the tarball is one that an export leads to", async () => {
    const reached = new Set([...(await reachableFiles(exports))].map(moduleOf));
    const modules = files
      .map(({ path }) => path)
      .filter((path) => /^(dist|js|convex)\//.test(path))
      .map(moduleOf);
    const lost = modules.filter((module) => !reached.has(module));
    expect(lost.length === 0, `Needless in the tarball: ${lost.join(" ")}`);
    return `${new Set(modules).size} modules`;
  });
  await check("every map leads from a file to its source in the tarball", () => {
    const paths = new Set(files.map(({ path }) => path));
    const maps = [...paths].filter((path) => path.endsWith(".map"));
    for (const map of maps) {
      const { file, sources } = JSON.parse(readFileSync(join(root, map), "utf8"));
      expect(join(dirname(map), file) === map.replace(/\.map$/, ""), `${map} is of ${file}`);
      const from = sources.map((source) => join(dirname(map), source));
      expect(from.length === 1 && moduleOf(from[0]) === moduleOf(map), `${map} leads to ${from}`);
      expect(paths.has(from[0]), `${map} leads to ${from}, which is not in the tarball`);
    }
    return `${maps.length} maps`;
  });
}

/**
 * `js/client/key` of any of its files: `dist/js/client/key.d.ts.map`, say, or `js/client/key.ts`.
 */
function moduleOf(file) {
  return file.replace(/^dist\//, "").replace(/(\.d)?\.[jt]s(\.map)?$/, "");
}

export function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

// Each source, what is made of it, the built core, and the papers.
function expectedFiles() {
  const sources = filesBelow(["js", "convex"], (file) => file.endsWith(".ts")).filter(
    (file) => !file.startsWith("js/core/generated/"),
  );
  const made = sources.map((file) => `dist/${moduleOf(file)}`);
  const core = modules.map((name) => `dist/js/core/generated/${name}`);
  return new Set([
    ...["package.json", "README.md", "CHANGELOG.md", "LICENSE"],
    ...sources,
    ...[...made, ...core].flatMap((stem) => [`${stem}.js`, `${stem}.d.ts`]),
    ...made.flatMap((stem) => [`${stem}.js.map`, `${stem}.d.ts.map`]),
  ]);
}
