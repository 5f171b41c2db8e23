// Builds the KV Explorer (example/explorer) for a backend, and serves what was built.
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * @param {object} options
 * @param {string} options.url The backend, or any deployment.
 * @param {number} [options.port] 0: any that is free.
 * @returns `url`, where it is served, on loopback; and `stop()`.
 */
export async function serveExplorer({ url, port = 0 }) {
  // Imported late, as all that needs node_modules.
  const { build, preview } = await import("vite");
  const configFile = join(root, "example/explorer/vite.config.ts");
  const define = { "import.meta.env.VITE_CONVEX_URL": JSON.stringify(url) };
  await build({ configFile, define, logLevel: "warn" });
  const settings = { port, strictPort: port !== 0, open: false };
  const server = await preview({ configFile, preview: settings, logLevel: "warn" });
  const address = server.httpServer.address();
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop: () => new Promise((resolve) => void server.httpServer.close(() => resolve(undefined))),
  };
}
