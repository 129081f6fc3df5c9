// The test suite's own browser, daemon, newspaper and view of the badge, for the scripts that show them.
import { tsImport } from "../extension/node_modules/tsx/dist/esm/api/index.mjs";

export async function harness() {
  const tsconfig = new URL("../tests/e2e/tsconfig.json", import.meta.url).pathname;
  const parts = ["browser", "daemon", "server", "shadow", "timing", "gates"].map((part) =>
    tsImport(`../tests/e2e/${part}.ts`, { parentURL: import.meta.url, tsconfig }),
  );
  return Object.assign({}, ...(await Promise.all(parts)));
}
