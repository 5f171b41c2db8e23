// Bundles the app with Convex's own CLI, as a deployment would, and measures what each call of a
// component function has to evaluate.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writePushRequest } from "../../dev/backend/client.mjs";
import { expect } from "./checks.mjs";

/** Resolves with the component's modules as they would be deployed: `[{path, source}]`. */
export async function bundleComponent(app) {
  const cli = join(app, "node_modules/convex/bin/main.js");
  const file = await writePushRequest(app, join(app, "push"), { cli });
  const components = JSON.parse(readFileSync(file, "utf8")).componentDefinitions;
  expect(components.length === 1, `The app has ${components.length} components, not 1`);
  return components[0].functions;
}

/**
 * What every call of the functions of `entry` loads anew: how many modules, and their bytes without
 * the `convex` library.
 */
export function loadOf(modules, entry) {
  const sources = new Map(modules.map(({ path, source }) => [path, source]));
  const seen = new Set([entry]);
  for (const path of seen) {
    expect(sources.has(path), `The bundle has no ${path}`);
    const imports = sources.get(path).matchAll(/(?:from|import) *"(\.[^"]+)"/g);
    for (const [, target] of imports) seen.add(join(path, "..", target));
  }
  const bytes = [...seen].reduce((sum, path) => sum + ownBytes(sources.get(path)), 0);
  return { modules: seen.size, bytes };
}

// The bundler writes each file's path in a comment above the file's text.
function ownBytes(source) {
  const [head, ...parts] = source.split(/^\/\/ (?=\S+\.(?:js|ts)$)/m);
  const own = parts.filter((part) => !/^\S*node_modules\/convex\//.test(part));
  return [head, ...own].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}
