import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig, loadEnv, type Plugin } from "vite";
import { configured } from "../serve/configure.js";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Where `npm run backend` listens. */
const LOCAL_BACKEND = "http://127.0.0.1:3210";

// While the page is worked on, VITE_CONVEX_URL says which deployment to look at. `npx convex dev`
// writes it to .env.local; without it the page is for the local backend. What is built is for any:
// who serves it says which.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), deployment()],
  server: { host: "127.0.0.1" },
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    // tools/lib/explorer.mjs passes them on.
    license: { fileName: "licences.json" },
  },
});

function deployment(): Plugin {
  return {
    name: "deployment",
    apply: "serve",
    transformIndexHtml(html) {
      const { VITE_CONVEX_URL = LOCAL_BACKEND } = loadEnv("development", repository);
      return configured(html, { url: VITE_CONVEX_URL, module: "explorer" });
    },
  };
}
