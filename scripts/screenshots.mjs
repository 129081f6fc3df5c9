#!/usr/bin/env node
// Draws every state of the extension into docs/pictures, in real Chromium with the real daemon.
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { harness } from "./harness.mjs";

const FOLDER = fileURLToPath(new URL("../docs/pictures/", import.meta.url));
const POPUP = { width: 380, height: 420 };
const OWN = { width: 760, height: 600 };
const PAGE = { width: 1180, height: 600 };

const { BadgeView, Chromium, Daemon, Gates, gated: held, servePages } = await harness();
mkdirSync(FOLDER, { recursive: true });
const gates = new Gates();
const [daemon, gated, pages] = [await Daemon.start(), await Daemon.start(held(gates.folder)), await servePages()];
const browser = await Chromium.launch();

async function draw(page, name, clip) {
  await page.screenshot({ path: `${FOLDER}${name}.png`, ...clip });
}

async function openPage(url, colorScheme = "light") {
  const page = await browser.open(url);
  await page.setViewportSize(PAGE);
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
  return { page, badge: await BadgeView.on(page) };
}

/** The note underlined in the text, with the popover beside it. */
async function popover(name, url, colorScheme) {
  const { page, badge } = await openPage(url, colorScheme);
  await badge.shown(".badge", 30_000);
  await badge.click(".badge");
  await badge.click(".foot .act");
  await draw(page, name);
  return page;
}

async function badgeAlone(name, path) {
  const { page, badge } = await openPage(pages.url(path));
  await badge.shown(".badge", 30_000);
  await draw(page, name);
}

async function passage(name, path) {
  const { page, badge } = await openPage(pages.url(path));
  await page.getByText("This rewrite keeps").evaluate((note) => {
    note.scrollIntoView({ block: "center" });
    getSelection().selectAllChildren(note);
  });
  await browser.clickMenu(page, "check-selection");
  await badge.shown(".popover", 30_000);
  await draw(page, name);
}

async function popup(name, path, heading) {
  const page = await browser.open(pages.url(path));
  const shown = await browser.popupOver(page);
  await shown.setViewportSize(POPUP);
  await shown.getByText(heading).first().waitFor();
  await draw(shown, name);
  return page;
}

async function own(name, path, drawn = "h1") {
  const page = await browser.open(`${browser.origin}/${path}`);
  await page.setViewportSize(OWN);
  await page.locator(drawn).waitFor();
  await draw(page, name, { fullPage: true });
}

async function beforePairing() {
  await browser.moveTo(daemon.port);
  await own("pairing", "pairing.html");
  await popup("popup-unpaired", "leak.html", "not paired");
}

async function pairing() {
  const { page } = await openPage(`http://127.0.0.1:${daemon.port}/pair#${daemon.code()}`);
  await page.locator("#telltale-pair:enabled").waitFor();
  await page.evaluate(() => history.replaceState(null, "", "#K7QM-3XWP"));
  await page.locator("#code").evaluate((code) => code.replaceChildren("K7QM-3XWP"));
  await draw(page, "pairing-click");
  await page.locator("#telltale-pair").click();
  await page.getByText("Paired.").waitFor();
  await draw(page, "pairing-done", { fullPage: true });
}

async function verdicts() {
  await popover("sample", `http://127.0.0.1:${daemon.port}/sample`);
  await badgeAlone("badge", "leak.html");
  await popover("undisclosed", pages.url("leak.html"));
  await popover("undisclosed-dark", pages.url("leak.html"), "dark");
  await popover("disclosed", pages.url("disclosed.html"));
  await passage("selection", "leak.html");
  await popup("popup-undisclosed", "leak.html", "carries a note");
  await popup("popup-disclosed", "disclosed.html", "says");
  await popup("popup-none", "clean.html", "No note was found");
  await popup("popup-not-article", "no-article.html", "does not look like an article");
}

async function choices() {
  await own("options", "options.html", "text=is ready");
  await browser.prefer({ paused: ["courier.localhost"] });
  await popup("popup-paused", "leak.html", "paused on this site");
  await browser.prefer({ silence: true });
  await badgeAlone("badge-none", "clean.html");
  await browser.prefer({});
}

async function lacks() {
  await browser.setSiteAccess("ON_CLICK");
  await popup("popup-barred", "leak.html", "does not let the extension reach");
  await browser.setSiteAccess("ON_ALL_SITES");
  await daemon.stop();
  await popup("popup-off", "leak.html", "not running");
  await browser.pair(gated.port, gated.code());
  await popup("popup-loading", "leak.html", "is loading its model. This page");
  gates.open("load");
  for (const path of ["split.html", "outside.html"]) await browser.open(pages.url(path));
  await popup("popup-busy", "inline.html", "This one waits in line");
}

async function otherVersion() {
  const later = createServer((request, response) => {
    const status = { name: "telltale", version: "9.0.0", protocol: 9, state: "ready", model: "m" };
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(request.url === "/v1/pair" ? { token: "t" } : status));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => later.once("listening", resolve));
  await browser.pair(later.address().port, "AAAA-AAAA").catch(() => {});
  await popup("popup-other-version", "leak.html", "of different versions");
  later.closeAllConnections();
  later.close();
}

try {
  for (const part of [beforePairing, pairing, verdicts, choices, lacks, otherVersion]) {
    await part();
    await browser.closePages();
  }
} finally {
  gates.open("load");
  gates.open("read");
  await browser.close();
  await pages.stop();
  await daemon.remove();
  await gated.remove();
  gates.remove();
}
