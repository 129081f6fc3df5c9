#!/usr/bin/env node
// What the extension costs a page, in real Chromium with the real daemon: `node scripts/page-timing.mjs [--rounds N] [PAGE…]`.
// Prints one JSON object a page. A PAGE is an address, or a path of the test pages; each carries a note, so that a badge comes.
import { parseArgs } from "node:util";
import { harness } from "./harness.mjs";

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "5" } },
  allowPositionals: true,
});
const paths = positionals.length > 0 ? positionals : ["leak.html", "awkward/twice.html", "awkward/huge.html"];

const { Chromium, Daemon, servePages, timeOf } = await harness();
const [daemon, pages] = [await Daemon.start(), await servePages()];
const browser = await Chromium.launch();

/** The extension's state for a page, as the toolbar icon shows it: asking costs the page nothing. */
async function marked(page) {
  while (!/^\d+$/.test(await browser.toolbarText(page)));
}

/** The middle of several, the first not counted: it finds caches cold. */
async function median(url) {
  const timings = [];
  for (let round = 0; round <= Number(values.rounds); round++) timings.push(await timeOf(browser, url, marked));
  const middle = (name) =>
    timings
      .slice(1)
      .map((timing) => timing[name])
      .sort((a, b) => a - b)[Math.floor((timings.length - 1) / 2)];
  const rounded = (name) => Math.round(middle(name) * 10) / 10;
  return {
    badgeMs: rounded("badgeMs"),
    longestMs: rounded("longestMs"),
    totalMs: rounded("totalMs"),
    shift: middle("shift"),
  };
}

try {
  await browser.pair(daemon.port, daemon.code());
  for (const path of paths) {
    const url = /^https?:/.test(path) ? path : pages.url(path);
    console.log(JSON.stringify({ page: path, ...(await median(url)) }));
  }
} finally {
  await browser.close();
  await pages.stop();
  await daemon.remove();
}
