// Packs the package, and looks at which files came along.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { modules } from "../../tools/build-wasm.mjs";
import { filesBelow } from "../../tools/lib/files.mjs";
import { root, run } from "../../tools/lib/run.mjs";
import { check, expect } from "./checks.mjs";
import { reachableFiles } from "./reachable.mjs";

/** Packs into `folder`; resolves with the tarball's path. */
export async function pack(folder) {
  // The build has run: without scripts, npm's answer stands alone on stdout.
  const answer = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    { quiet: true },
  );
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [{ filename, files, size }] = Object.values(JSON.parse(answer));
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
  // A module is two files. Of one that has only types, the exports lead to the .d.ts alone.
  await check("every module of the tarball is one that an export leads to", async () => {
    const stem = (file) => file.replace(/(\.d)?\.[jt]s$/, "");
    const reached = new Set([...(await reachableFiles(exports))].map(stem));
    const modules = files.map(({ path }) => path).filter((path) => path.startsWith("dist/"));
    const lost = modules.filter((path) => !reached.has(stem(path)));
    expect(lost.length === 0, `Needless in the tarball: ${lost.join(" ")}`);
    return `${modules.length / 2} modules`;
  });
  return join(folder, filename);
}

export function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

// One .js and one .d.ts for each source, the built core, and the papers. But for a source of a type
// that no declaration mentions.
function expectedFiles() {
  const stems = filesBelow(["js", "convex"], (file) => file.endsWith(".ts"))
    .map((file) => file.replace(/(\.d)?\.ts$/, ""))
    .filter((stem) => stem !== "js/core/eager")
    .concat(modules.map((name) => `js/core/generated/${name}`));
  return new Set([
    ...["package.json", "README.md", "CHANGELOG.md", "LICENSE"],
    ...stems.flatMap((stem) => [`dist/${stem}.js`, `dist/${stem}.d.ts`]),
  ]);
}
