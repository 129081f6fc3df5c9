import { defineConfig } from "vitest/config";

const PACKAGES = `${import.meta.dirname}/node_modules`;

/**
 * The end-to-end tests live beside the other tests of the repository and use this folder's packages. One file after
 * the other: each starts a browser and a daemon.
 */
export default defineConfig({
  root: "../tests/e2e",
  resolve: {
    alias: {
      "playwright-core": `${PACKAGES}/playwright-core/index.mjs`,
      "puppeteer-core": `${PACKAGES}/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js`,
    },
  },
  server: { fs: { strict: false } },
  test: {
    include: ["*.test.ts"],
    fileParallelism: false,
    globals: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
