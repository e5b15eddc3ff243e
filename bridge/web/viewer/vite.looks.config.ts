import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// Built by tests/peers/looks into a folder of its own; it does not belong to the viewers' page.
export default defineConfig({
  root: fileURLToPath(new URL("test/looks", import.meta.url)),
  base: "./",
  build: { target: "es2022", emptyOutDir: true, chunkSizeWarningLimit: 2000 },
});
