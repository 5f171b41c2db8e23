import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const repository = fileURLToPath(new URL("../../", import.meta.url));

// VITE_CONVEX_URL says which deployment to look at. `npx convex dev` writes it to .env.local;
// without it the page is for the local backend, where `npm run backend` starts it.
export default defineConfig({
  root: import.meta.dirname,
  envDir: repository,
  plugins: [react()],
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
  build: {
    outDir: `${repository}.cache/explorer`,
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
  },
});
