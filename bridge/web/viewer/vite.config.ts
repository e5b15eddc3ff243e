import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** Write the names of the built files into the service worker, which keeps them for use offline. */
function listFiles(): Plugin {
  return {
    name: "list-files",
    generateBundle(_options, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") throw new Error("the build has no sw.js");
      const names = Object.keys(bundle).filter((name) => name !== "sw.js" && name !== "index.html");
      const files = JSON.stringify(["/", ...names.map((name) => `/${name}`)].sort());
      const code = worker.code.replace(/(["'`])__FILES__\1/, () => JSON.stringify(files));
      if (code === worker.code) throw new Error("sw.js does not contain __FILES__");
      worker.code = code;
    },
  };
}

// The page is built into the package that serves it; git ignores it, wheel and sdist contain it.
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  plugins: [listFiles()],
  build: {
    outDir: "../../../xrdrama/adapters/web/viewer_page",
    emptyOutDir: true,
    target: "es2022",
    // The page's content security policy allows no inline scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: {
        index: fileURLToPath(new URL("index.html", import.meta.url)),
        sw: fileURLToPath(new URL("src/sw.ts", import.meta.url)),
      },
      // A service worker must keep its name; it controls its own folder and the folders below.
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
});
