import { defineConfig } from "vite";

// Names are fixed: Django's static storage puts the digest into them when it collects them.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../luoshi/ui/static/build",
    emptyOutDir: true,
    target: "chrome109",
    cssTarget: "chrome109",
    rolldownOptions: {
      checks: { eval: false }, // htmx has one, which its allowEval:false setting keeps shut
      input: "src/luoshi.js",
      output: { entryFileNames: "luoshi.js", assetFileNames: "luoshi[extname]", format: "es" },
    },
  },
});
