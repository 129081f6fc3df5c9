import type { Page } from "puppeteer-core";
import { Daemon } from "./daemon";
import { Firefox, FirefoxBadge } from "./firefox";
import { letters, REFUSAL, REWRITE, SLANT } from "./marks";
import { type PageServer, servePages } from "./server";

/** The states that Chromium's tests go through, in Firefox: from before pairing to a daemon that comes back. */

let daemon: Daemon;
let pages: PageServer;
let firefox: Firefox;

beforeAll(async () => {
  [daemon, pages, firefox] = await Promise.all([Daemon.start(), servePages(), Firefox.launch()]);
  await firefox.moveTo(daemon.port);
});

afterEach(async () => {
  await firefox.prefer({});
  await firefox.closePages();
});

afterAll(async () => {
  await firefox?.close();
  await pages?.stop();
  await daemon?.remove();
});

const PATIENT = { timeout: 10_000 };
const NOTE = letters(REWRITE + SLANT);

async function open(name: string): Promise<{ page: Page; badge: FirefoxBadge; url: string }> {
  const url = pages.url(name);
  const page = await firefox.open(url);
  return { page, badge: new FirefoxBadge(page), url };
}

function highlighted(page: Page, name = "telltale-leak"): Promise<string> {
  return page.evaluate((key) => [...(CSS.highlights.get(key) ?? [])].map(String).join(""), name);
}

function heading(page: Page): Promise<string | null> {
  return page.$eval("h1", (element) => element.textContent);
}

test("before pairing the toolbar and the popup say so", async () => {
  const { url } = await open("leak.html");
  await expect.poll(() => firefox.toolbarText(url), PATIENT).toBe("pair");
  const popup = await firefox.popup();
  await expect.poll(() => heading(popup)).toBe("The extension is not paired with the daemon.");
});

test("one click on the daemon's page pairs, and the sample shows a note", async () => {
  const page = await firefox.open(`http://127.0.0.1:${daemon.port}/pair#${daemon.code()}`);
  await page.waitForSelector("#telltale-pair:enabled");
  await page.click("#telltale-pair");
  await expect.poll(() => firefox.paired(), PATIENT).toBe(true);
  const sample = await firefox.open(`http://127.0.0.1:${daemon.port}/sample`);
  const note = await sample.$eval("article p:last-of-type", (element) => element.textContent);
  await expect.poll(() => highlighted(sample).then(letters), PATIENT).toBe(letters(note ?? ""));
  expect(daemon.pagesKept()).toBe(0);
});

test("a page that tells its readers of AI gets the other words", async () => {
  const { page, badge } = await open("disclosed.html");
  await expect.poll(() => badge.text(".badge"), PATIENT).toBe("AI, says the page");
  expect(await highlighted(page, "telltale-disclosure")).toContain("produced with the help of AI");
});

const ALL = "paywall amp twice rtl cjk late form shadow-open shadow-closed shadow-slot huge".split(" ");

test.each(ALL)("%s: the note is found once and underlined to the letter", async (name) => {
  const { page, badge } = await open(`awkward/${name}.html`);
  await expect.poll(() => highlighted(page).then(letters), PATIENT).toBe(NOTE);
  expect(await badge.text(".badge")).toMatch(/^\d AI notes?$/);
});

test("a page's style sheet cannot hide the badge", async () => {
  const { page, badge } = await open("leak.html");
  await expect.poll(() => badge.text(".badge"), PATIENT).not.toBeNull();
  await page.addStyleTag({ url: pages.url("awkward/hostile.css") });
  expect(await badge.isShown(".badge")).toBe(true);
  await badge.click(".badge");
  await expect.poll(() => badge.isShown(".popover")).toBe(true);
});

test("the rest of an article is read once a button shows it", async () => {
  const before = daemon.pagesRead();
  const { page } = await open("awkward/more.html");
  await expect.poll(() => daemon.pagesRead(), PATIENT).toBeGreaterThan(before);
  expect(await highlighted(page)).toBe("");
  await page.click("#more");
  await expect.poll(() => highlighted(page).then(letters), PATIENT).toBe(NOTE);
});

test("on a page from right to left the popover runs as its words do", async () => {
  const { badge } = await open("awkward/rtl.html");
  await expect.poll(() => badge.text(".badge"), PATIENT).not.toBeNull();
  await badge.click(".badge");
  const [[heading], [close]] = [await badge.middle("h2"), await badge.middle(".close")];
  expect(close).toBeGreaterThan(heading);
});

test("a page that is no article sends no request", async () => {
  const before = daemon.pagesRead();
  const { url, badge } = await open("no-article.html");
  await expect.poll(() => firefox.stateOf(url), PATIENT).toBe("not-article");
  expect(daemon.pagesRead()).toBe(before);
  expect(await badge.text(".badge")).toBeNull();
});

test("a single-page application is read anew when its address changes, and old marks go", async () => {
  const { page, badge } = await open("app/leak");
  await expect.poll(() => badge.text(".badge"), PATIENT).not.toBeNull();
  await page.click("nav [data-story=clean]");
  await expect.poll(() => badge.text(".badge"), PATIENT).toBeNull();
  expect(await highlighted(page)).toBe("");
});

test("a paused site is left alone, and read once it is resumed", async () => {
  await firefox.prefer({ paused: ["courier.localhost"] });
  const before = daemon.pagesRead();
  const { url, badge } = await open("leak.html");
  await expect.poll(() => firefox.toolbarText(url), PATIENT).toBe("–");
  expect(daemon.pagesRead()).toBe(before);
  await firefox.prefer({});
  await expect.poll(() => badge.text(".badge"), PATIENT).not.toBeNull();
});

test("with the history off, a page is judged and not kept", async () => {
  await firefox.prefer({ record: false });
  const before = daemon.pagesKept();
  const { badge } = await open("split.html");
  await expect.poll(() => badge.text(".badge"), PATIENT).not.toBeNull();
  await badge.click(".badge");
  await expect.poll(() => badge.text(".popover")).toContain("This page is not kept in the history.");
  expect(daemon.pagesKept()).toBe(before);
});

test("a selection is judged on request and underlined", async () => {
  const { page, badge, url } = await open("no-article.html");
  await page.evaluate((text) => {
    const quote = document.body.appendChild(document.createElement("p"));
    quote.textContent = text;
    getSelection()?.selectAllChildren(quote);
  }, `The town council of Wendle put off its vote on the repair of the old bridge on Tuesday. ${REFUSAL} The ferry carried ninety passengers a day in April, the county said.`);
  await firefox.tell(url, { kind: "check-selection" });
  await expect.poll(() => badge.text(".popover"), PATIENT).toContain("The selection carries 1 note.");
  expect(letters(await highlighted(page))).toBe(letters(REFUSAL));
});

test("with the daemon stopped the toolbar and the popup say so; when it is back, the page is read", async () => {
  await daemon.stop();
  const { page, badge, url } = await open("leak.html");
  await expect.poll(() => firefox.toolbarText(url), PATIENT).toBe("off");
  const popup = await firefox.popup();
  await expect.poll(() => heading(popup)).toBe("The Telltale daemon is not running.");
  await popup.close();
  expect(await badge.text(".badge")).toBeNull();
  await daemon.start();
  await page.bringToFront();
  await expect.poll(() => badge.text(".badge"), { timeout: 20_000 }).toMatch(/^\d AI notes?$/);
});
