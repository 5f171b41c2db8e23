// Once for all files: a backend with the app, the page with each React, and a browser.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build, preview } from "vite";
import { pushApp, startBackend } from "../../../dev/backend/client.mjs";
import { PATIENCE } from "../../../dev/backend/testing/limits.mjs";
import { startBrowser } from "../../../tools/lib/browser.mjs";
import { root } from "../../../tools/lib/run.mjs";

const here = join(import.meta.dirname, "..");
const built = join(root, ".cache/react-page");
/** The versions of React, and where they are. */
const reacts = {
  18: join(here, "react-18/node_modules"),
  19: join(root, "node_modules"),
};

export default async function start(project) {
  const backend = await startBackend({ patience: PATIENCE });
  const [page, browser] = await Promise.all([
    servePage(),
    startBrowser(),
    pushApp(backend, join(here, "app")),
  ]);
  project.provide("backend", backend.url);
  project.provide("page", page.url);
  project.provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await page.stop();
    await backend.stop();
  };
}

async function servePage() {
  mkdirSync(built, { recursive: true });
  await Promise.all(
    Object.entries(reacts).map(([version, modules]) => buildPage(version, modules)),
  );
  const server = await preview({
    configFile: false,
    root: here,
    build: { outDir: built },
    preview: { host: "127.0.0.1", port: 0, open: false },
    logLevel: "warn",
  });
  const address = server.httpServer.address();
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => new Promise((resolve) => void server.httpServer.close(() => resolve(undefined))),
  };
}

/** As for development: React then calls each component twice, and says what it finds wrong. */
async function buildPage(version, modules) {
  await build({
    configFile: false,
    root: join(here, "page"),
    base: "./",
    mode: "development",
    define: { "process.env.NODE_ENV": '"development"' },
    esbuild: { jsx: "automatic" },
    resolve: {
      alias: Object.fromEntries(["react", "react-dom"].map((name) => [name, join(modules, name)])),
    },
    build: {
      outDir: join(built, version),
      emptyOutDir: true,
      minify: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 5000,
      // "use client" means nothing to a bundler.
      rollupOptions: { onwarn: (warning, warn) => void (isDirective(warning) || warn(warning)) },
    },
    logLevel: "warn",
  });
}

const isDirective = ({ code }) => code === "MODULE_LEVEL_DIRECTIVE";
