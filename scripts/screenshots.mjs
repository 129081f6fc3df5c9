#!/usr/bin/env node
// Draws every state of the extension into docs/images, in real Chromium with the real daemon.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { harness } from "./harness.mjs";

const FOLDER = fileURLToPath(new URL("../docs/images/", import.meta.url));
const POPUP = { width: 380, height: 420 };
const PAGE = { width: 1440, height: 800 };

const { BadgeView, Chromium, Daemon, servePages } = await harness();
mkdirSync(FOLDER, { recursive: true });
const [daemon, pages] = [await Daemon.start(), await servePages()];
const browser = await Chromium.launch();

async function popover(name, path, colorScheme = "light") {
  const page = await browser.open(pages.url(path));
  await page.setViewportSize(PAGE);
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
  const badge = await BadgeView.on(page);
  await badge.shown(".badge", 30_000);
  await badge.click(".badge");
  await badge.click(".foot .act");
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  return page;
}

async function popup(name, path, heading) {
  const page = await browser.open(pages.url(path));
  const shown = await browser.popupOver(page);
  await shown.setViewportSize(POPUP);
  await shown.getByText(heading).waitFor();
  await shown.screenshot({ path: `${FOLDER}${name}.png` });
}

async function own(name, path) {
  const page = await browser.open(`${browser.origin}/${path}`);
  await page.locator("h1").waitFor();
  await page.screenshot({ path: `${FOLDER}${name}.png`, fullPage: true });
}

try {
  await browser.moveTo(daemon.port);
  await own("pairing", "pairing.html");
  await popup("popup-unpaired", "leak.html", "not paired");
  await browser.pair(daemon.port, daemon.code());
  await popover("undisclosed", "leak.html");
  await popover("undisclosed-dark", "leak.html", "dark");
  await popover("disclosed", "disclosed.html");
  await popup("popup-undisclosed", "leak.html", "carries a note");
  await popup("popup-none", "clean.html", "No note was found");
  await popup("popup-not-article", "no-article.html", "does not look like an article");
  await browser.prefer({ paused: ["courier.localhost"] });
  await popup("popup-paused", "leak.html", "paused on this site");
  await own("options", "options.html");
  await browser.prefer({});
  await daemon.stop();
  await popup("popup-off", "leak.html", "not running");
} finally {
  await browser.close();
  await pages.stop();
  await daemon.remove();
}
