import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { moveUnlessThere } from "./shared.js";

const fixtures = join(import.meta.dirname, "../fixtures");

/** A copy of one of the apps in tests/runtime/fixtures, as it is: the same for all files. */
export function fixture(name: string): string {
  const copy = join(dirname(inject("app")), name);
  if (!existsSync(copy)) moveUnlessThere(changedFixture(name, {}), copy);
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
