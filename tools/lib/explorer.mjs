// Builds the KV Explorer (example/explorer) for a backend, and serves what was built.
import { join } from "node:path";
import { root, runBin } from "./run.mjs";

/**
 * @param {object} options
 * @param {string} options.url The backend, or any deployment.
 * @param {number} [options.port] 0: any that is free.
 * @returns `url`, where it is served, on loopback; and `stop()`.
 */
export async function serveExplorer({ url, port = 0 }) {
  const configFile = join(root, "example/explorer/vite.config.ts");
  const env = { NODE_ENV: "production", VITE_CONVEX_URL: url };
  await runBin("vite/bin/vite.js", ["build", "--config", configFile], { env, quiet: true });
  // Imported late, as all that needs node_modules.
  const { preview } = await import("vite");
  const settings = { port, strictPort: port !== 0, open: false };
  const server = await preview({ configFile, preview: settings, logLevel: "warn" });
  const address = server.httpServer.address();
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop: () => new Promise((resolve) => void server.httpServer.close(() => resolve(undefined))),
  };
}
