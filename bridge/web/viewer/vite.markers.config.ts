import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// Built by tests/peers/markers into a folder of its own; it does not belong to the viewers' page.
export default defineConfig({
  root: fileURLToPath(new URL("test/markers", import.meta.url)),
  base: "./",
  build: { target: "es2022", emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
});
