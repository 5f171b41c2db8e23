import { copyFileSync, cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";

const fixtures = join(import.meta.dirname, "../fixtures");

const copies = new Map<string, string>();

/**
 * A copy of one of the apps in tests/runtime/fixtures, as it is: the same for all files of a
 * worker.
 */
export function fixture(name: string): string {
  let copy = copies.get(name);
  if (copy === undefined) copies.set(name, (copy = changedFixture(name, {})));
  return copy;
}

/**
 * A copy of one of the apps in tests/runtime/fixtures, ready to be pushed. It goes when the packed
 * app does, at the end of the run.
 *
 * @param files More files of the app's, by path: "convex/bad.ts".
 */
export function changedFixture(name: string, files: Record<string, string>): string {
  const app = inject("app");
  const folder = mkdtempSync(join(dirname(app), `${name}-`));
  cpSync(join(fixtures, name), folder, { recursive: true });
  copyFileSync(join(app, "package.json"), join(folder, "package.json"));
  symlinkSync(join(app, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
