// Bundles the app with Convex's own CLI, as a deployment would, and measures what each call of a
// component function has to evaluate. No deployment is needed: the CLI asks one question, and a
// server here answers it.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { run } from "../../tools/lib/run.mjs";
import { expect } from "./checks.mjs";

/** Resolves with the component's modules as they would be deployed: `[{path, source}]`. */
export async function bundleComponent(app, convexVersion) {
  const server = createServer(({ method, url }, response) => {
    const known = method === "POST" && url === "/api/get_config_hashes";
    response.writeHead(known ? 200 : 404, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify({
        config: { functions: "convex/" },
        moduleHashes: [],
        udfServerVersion: convexVersion,
      }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const options = ["--typecheck", "disable", "--codegen", "disable", "-y"];
    await run(
      process.execPath,
      ["node_modules/convex/bin/main.js", "deploy", ...options, "--write-push-request", "push"],
      {
        cwd: app,
        quiet: true,
        env: {
          CONVEX_DEPLOYMENT: undefined,
          CONVEX_DEPLOY_KEY: undefined,
          CONVEX_SELF_HOSTED_URL: `http://127.0.0.1:${server.address().port}`,
          CONVEX_SELF_HOSTED_ADMIN_KEY: "an-app|0",
        },
      },
    );
  } finally {
    server.close();
  }
  const push = JSON.parse(readFileSync(join(app, "push.json"), "utf8"));
  const components = push.componentDefinitions;
  expect(components.length === 1, `The app has ${components.length} components, not 1`);
  return components[0].functions;
}

/**
 * Bytes of `entry` and of all that it imports, without the `convex` library: what every call of its
 * functions reads anew.
 */
export function entrySize(modules, entry) {
  const sources = new Map(modules.map(({ path, source }) => [path, source]));
  const seen = new Set([entry]);
  for (const path of seen) {
    expect(sources.has(path), `The bundle has no ${path}`);
    const imports = sources.get(path).matchAll(/(?:from|import) *"(\.[^"]+)"/g);
    for (const [, target] of imports) seen.add(join(path, "..", target));
  }
  return [...seen].reduce((sum, path) => sum + ownBytes(sources.get(path)), 0);
}

// The bundler writes each file's path in a comment above the file's text.
function ownBytes(source) {
  const [head, ...parts] = source.split(/^\/\/ (?=\S+\.(?:js|ts)$)/m);
  const own = parts.filter((part) => !/^\S*node_modules\/convex\//.test(part));
  return [head, ...own].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}
