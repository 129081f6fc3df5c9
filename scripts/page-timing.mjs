#!/usr/bin/env node
// What the extension costs a page, in real Chromium with the real daemon: `node scripts/page-timing.mjs [--rounds N] [PAGE…]`.
// Prints one JSON object a page. A PAGE is an HTML file's absolute path, or a path of the test pages, read with other words in each
// round; or an address, whose words stay as they are. Each carries a note, so that a badge comes.
import { readFile } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
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

const PATIENCE_MS = 30_000;

/** The extension's state for a page, as the toolbar icon shows it: asking costs the page nothing. */
async function marked(page) {
  const end = performance.now() + PATIENCE_MS;
  while (!/^\d+$/.test(await browser.toolbarText(page)))
    if (performance.now() > end) throw new Error(`${page.url()} had no badge after ${PATIENCE_MS / 1000} seconds.`);
}

/** Where a page is opened. */
async function addressOf(path) {
  if (/^https?:/.test(path)) return path;
  const url = pages.url(isAbsolute(path) ? basename(path) : path);
  await serveAnew(url, isAbsolute(path) ? await readFile(path, "utf8") : await markupAt(url));
  return url;
}

/** Browsers resolve names under `localhost` by themselves, Node does not everywhere. */
async function markupAt(url) {
  return (await fetch(url.replace("courier.localhost", "127.0.0.1"))).text();
}

/** No script of the page itself runs: it would be measured too. */
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'; style-src 'self'",
};

/** A number that no page had before begins each paragraph: what the daemon read already it would answer from its cache. */
async function serveAnew(url, markup) {
  await browser.context.route(url, (route) => {
    served += 1;
    const body = markup.replace(/<p(?=[\s>])[^>]*>/g, (tag) => `${tag}${served} `);
    return route.fulfill({ headers: HEADERS, body });
  });
}
let served = 0;

/** The middle of several and the slowest badge, the first not counted: it finds the daemon and the browser cold. */
async function measure(url) {
  const timings = [];
  for (let round = 0; round <= Number(values.rounds); round++) timings.push(await timeOf(browser, url, marked));
  const sorted = (name) =>
    timings
      .slice(1)
      .map((timing) => timing[name])
      .sort((a, b) => a - b);
  const middle = (name) => sorted(name)[Math.floor((timings.length - 1) / 2)];
  const rounded = (ms) => Math.round(ms * 10) / 10;
  return {
    badgeMs: rounded(middle("badgeMs")),
    slowestMs: rounded(sorted("badgeMs").at(-1)),
    longestMs: rounded(middle("longestMs")),
    totalMs: rounded(middle("totalMs")),
    shift: middle("shift"),
  };
}

try {
  await browser.pair(daemon.port, daemon.code());
  for (const path of paths) {
    const page = isAbsolute(path) ? basename(path) : path;
    console.log(JSON.stringify({ page, ...(await measure(await addressOf(path))) }));
  }
} finally {
  await browser.close();
  await pages.stop();
  await daemon.remove();
}
