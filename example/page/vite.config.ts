import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run page` serves it, for the deployment that its address names or that of `npm run backend`.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { host: "127.0.0.1" },
});
