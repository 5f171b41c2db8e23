import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

// An app with the adapters of docs/recipes.md, as they stand there.

/** The packages that it needs, besides those of the app that the other tests push. */
const PACKAGES = [
  ...["@better-auth/core", "@keyv/test-suite", "@langchain/core", "@types/chai", "@vitest/expect"],
  ...["buffer", "chai", "keyv", "keyv-6", "typescript-7", "unstorage"],
];

/** The adapters: blocks that begin with a file's name, as in `// convex/keyvStore.ts`. */
export function filesIn(document: string): Map<string, string> {
  const [, section] = readFileSync(document, "utf8").split("\n## Adapters\n") as [string, string];
  const blocks = section.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([^]*?)^```$/gm);
  return new Map([...blocks].map(([, file, code]) => [file!, code!]));
}

/**
 * Makes the app.
 *
 * @param folder Where. It is not there yet.
 * @param installed An app that has the package and `convex`.
 */
export function makeApp(folder: string, installed: string): void {
  cpSync("tests/adapters", folder, { recursive: true });
  for (const [file, code] of filesIn("docs/recipes.md")) writeFileSync(join(folder, file), code);
  const modules = join(folder, "node_modules");
  cpSync(join(installed, "node_modules"), modules, { recursive: true, verbatimSymlinks: true });
  for (const name of PACKAGES) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve("node_modules", name), join(modules, name));
  }
  cpSync(join(installed, "package.json"), join(folder, "package.json"));
}
