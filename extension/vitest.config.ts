import { defineConfig } from "vitest/config";
import { WxtVitest } from "wxt/testing/vitest-plugin";

export default defineConfig({
  plugins: [WxtVitest()],
  test: { include: ["tests/**/*.test.ts"], setupFiles: ["tests/setup.ts"], restoreMocks: true, unstubGlobals: true },
});
