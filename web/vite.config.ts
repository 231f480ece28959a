import { defineConfig } from "vite";

// The pages are built into the Python package, which serves them.
export default defineConfig({
  base: "./",
  build: { outDir: "../src/tulou/app/web", emptyOutDir: true, chunkSizeWarningLimit: 1500, sourcemap: false },
  worker: { format: "es" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: {
    proxy: { "/cities": { target: "http://127.0.0.1:8765", changeOrigin: true, headers: { origin: "http://127.0.0.1:8765" } } },
  },
});
