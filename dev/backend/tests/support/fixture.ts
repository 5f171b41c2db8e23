import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { cliPath } from "../../client.mjs";
import { moveUnlessThere } from "../../testing/moveUnlessThere.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder for what tests make. It goes at the end of the run. */
    scratch: string;
  }
}

const fixtures = join(import.meta.dirname, "../fixtures");

/** A copy of one of the apps in tests/fixtures, as it is: the same for all files. */
export function fixture(name: string): string {
  const copy = join(inject("scratch"), name);
  if (!existsSync(copy)) moveUnlessThere(changedFixture(name, {}), copy);
  return copy;
}

/**
 * A copy of one of the apps in tests/fixtures, ready to be pushed.
 *
 * @param files More files of the app's, by path: "convex/bad.ts".
 */
export function changedFixture(name: string, files: Record<string, string>): string {
  const folder = mkdtempSync(join(inject("scratch"), `${name}-`));
  cpSync(join(fixtures, name), folder, { recursive: true });
  // The CLI wants an app that names its convex.
  const manifest = { private: true, type: "module", dependencies: { convex: "*" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(dirname(dirname(cliPath())), join(folder, "node_modules/convex"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
