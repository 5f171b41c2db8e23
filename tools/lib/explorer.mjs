// Builds the KV Explorer (explorer/page), and serves what was built for a deployment.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./files.mjs";
import { root, runBin } from "./run.mjs";

const configFile = join(root, "explorer/page/vite.config.ts");
const built = join(root, "explorer/dist/page");
// Beside what was built, since whoever builds anew empties the folder.
const stamp = join(built, ".sha256");

/**
 * @param {object} options
 * @param {string} options.url The backend, or any deployment.
 * @param {number} [options.port] 0: any that is free.
 * @returns `url`, at which it is served, on loopback; and `stop()`.
 */
export async function serveExplorer({ url, port = 0 }) {
  await buildExplorer();
  // Imported late, as all that needs node_modules.
  const { preview } = await import("vite");
  const settings = { port, strictPort: port !== 0, open: false };
  const plugins = [{ name: "deployment", configurePreviewServer: servedFor(url) }];
  const server = await preview({ configFile, plugins, preview: settings, logLevel: "warn" });
  const address = server.httpServer.address();
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop: () => new Promise((resolve) => void server.httpServer.close(() => resolve(undefined))),
  };
}

/** Builds it, if anything that it is made of has changed since it was built last. */
async function buildExplorer() {
  const hash = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  const env = { NODE_ENV: "production" };
  await runBin("vite/bin/vite.js", ["build", "--config", configFile], { env, quiet: true });
  writeFileSync(stamp, hash);
}

function hashOfSources() {
  const hash = createHash("sha256");
  const files = filesBelow(["explorer", "js/explorer", "dist/js", "tools/lib"], isSource);
  for (const file of [...files, "package.json", "package-lock.json"]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function isSource(file) {
  return !file.startsWith("explorer/dist/");
}

function servedFor(deployment) {
  return ({ middlewares }) => {
    middlewares.use((request, response, next) => {
      if (request.url !== "/") return next();
      const metas = { "convex-url": deployment, "convex-module": "explorer" };
      const tags = Object.entries(metas).map(([n, c]) => `<meta name="${n}" content="${c}" />`);
      response.setHeader("Content-Type", "text/html");
      const page = readFileSync(join(built, "index.html"), "utf8");
      response.end(page.replace("</head>", `${tags.join("")}</head>`));
    });
  };
}
