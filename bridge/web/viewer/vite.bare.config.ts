import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// An empty page of three.js: the tests compare the viewers' page with it.
export default defineConfig({
  root: fileURLToPath(new URL("test/bare", import.meta.url)),
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1200 },
});
