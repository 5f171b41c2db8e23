// What the licences of packages want to be told when their code is passed on.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root } from "./run.mjs";

/**
 * The packages that bundled files are of, as Vite lists those of a page: `{name, version,
 * identifier, text}`.
 *
 * @param {string[]} files Relative to the root. Those that are our own count for none.
 */
export function licencesOf(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []),
  );
  return [...folders].map((folder) => {
    const path = join(root, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const file = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
    const text = file && existsSync(join(path, file)) ? readFileSync(join(path, file), "utf8") : "";
    return { name, version, identifier: license, text };
  });
}

/** All of them as one text. */
export function licenceText(licences) {
  const known = new Map(licences.map((one) => [`${one.name} ${one.version}`, one]));
  const sections = [...known].sort().map(([title, { identifier, text }]) => {
    if (!identifier) throw new Failure(`${title} has no licence`);
    return [title, `Licence: ${identifier}`, ...(text ? ["", text.trim()] : [])].join("\n");
  });
  const intro = "The KV Explorer contains code of these packages.";
  return `${[intro, ...sections].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
