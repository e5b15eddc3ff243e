import { defineConfig } from "vite";

// The built page lies in the package that serves it; git does not see it, wheel and sdist do.
export default defineConfig({
  base: "/",
  build: {
    outDir: "../../xrdrama/adapters/web/page",
    emptyOutDir: true,
    target: "es2022",
    // The page's own rules (CSP) let nothing in that is written into the document.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
