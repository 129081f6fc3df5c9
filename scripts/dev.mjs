#!/usr/bin/env node
// Chromium with the extension, a daemon of its own and the test pages; built anew and loaded again at every change.
import { spawnSync } from "node:child_process";
import { watch } from "node:fs";
import { fileURLToPath } from "node:url";
import { harness } from "./harness.mjs";

const EXTENSION = fileURLToPath(new URL("../extension/", import.meta.url));
const REST_MS = 300;

const { Chromium, Daemon, servePages } = await harness();
const [daemon, pages] = [await Daemon.start(), await servePages()];
const browser = await Chromium.launch({ headless: false });
await browser.pair(daemon.port, daemon.code());
await browser.open(pages.url(""));
console.log(`The test pages are at ${pages.url("")}; close the browser or press Ctrl-C to end.`);

let timer;
const watcher = watch(`${EXTENSION}src`, { recursive: true }, () => {
  clearTimeout(timer);
  timer = setTimeout(reload, REST_MS);
});

/** A build that fails says why, and leaves the last good one running. */
async function reload() {
  const { status } = spawnSync("npm", ["run", "--silent", "build"], { cwd: EXTENSION, stdio: "inherit" });
  if (status === 0) await browser.reload();
}

await new Promise((resolve) => {
  browser.context.once("close", resolve);
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});
watcher.close();
await browser.close();
await pages.stop();
await daemon.remove();
