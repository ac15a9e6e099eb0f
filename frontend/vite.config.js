import { defineConfig } from "vite";

// Names are fixed: Django's static storage puts the digest into them when it collects them.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../luoshi/ui/static/build",
    emptyOutDir: true,
    target: "chrome109",
    cssTarget: "chrome109",
    chunkSizeWarningLimit: 700, // the drawing library, which only a page with a chart loads
    rolldownOptions: {
      checks: { eval: false }, // htmx has one, which its allowEval:false setting keeps shut
      // Charts are a file of their own, whose address the page names (with its digest) and which it asks for when it has one.
      input: { luoshi: "src/luoshi.js", charts: "src/charts.js" },
      output: { entryFileNames: "[name].js", assetFileNames: "luoshi[extname]", format: "es" },
      preserveEntrySignatures: "strict",
    },
  },
});
