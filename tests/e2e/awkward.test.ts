import type { Page } from "playwright-core";
import { highlighted, letters, plain, REWRITE, SLANT } from "./marks";
import { browser, daemon, pages, withBrowser } from "./session";
import { BadgeView } from "./shadow";

/** Pages that make it hard: each file of pages/awkward says in its second line what is awkward about it. */

withBrowser();

async function open(name: string): Promise<{ page: Page; badge: BadgeView }> {
  const page = await browser.open(pages.url(`awkward/${name}`));
  return { page, badge: await BadgeView.on(page) };
}

const NOTE = letters(REWRITE + SLANT);
const PATIENT = { timeout: 10_000 };

const ALL = "paywall amp twice rtl cjk late form shadow-open shadow-closed shadow-slot huge".split(" ");

test.each(ALL)("%s: the note is found once and underlined to the letter", async (name) => {
  const { page, badge } = await open(`${name}.html`);
  await expect.poll(() => highlighted(page).then(letters), PATIENT).toBe(NOTE);
  expect(await badge.text(".badge")).toMatch(/^\d AI notes?$/);
});

test("the rest of an article is read once a button shows it", async () => {
  const before = daemon.pagesRead();
  const { page } = await open("more.html");
  await expect.poll(() => daemon.pagesRead(), PATIENT).toBeGreaterThan(before);
  expect(await highlighted(page)).toBe("");
  await page.click("#more");
  await expect.poll(() => highlighted(page).then(letters), PATIENT).toBe(NOTE);
});

test("on a page from right to left the popover runs as its words do", async () => {
  const { badge } = await open("rtl.html");
  await badge.shown(".badge", 10_000);
  await badge.click(".badge");
  const [[heading], [close]] = [(await badge.boxes("h2"))[0] ?? [], (await badge.boxes(".close"))[0] ?? []];
  expect(close).toBeGreaterThan(heading ?? Number.NaN);
});

test("an article in a frame is not read, and the popup says so", async () => {
  const before = daemon.pagesRead();
  const { page } = await open("frame.html");
  const popup = await browser.popupOver(page);
  await popup.getByText("What stands in a frame of another page is not read.").waitFor();
  expect(daemon.pagesRead()).toBe(before);
});

test("a page that is no article sends no request", async () => {
  const before = daemon.pagesRead();
  const page = await browser.open(pages.url("no-article.html"));
  const popup = await browser.popupOver(page);
  await popup.getByText("does not look like an article").waitFor();
  expect(daemon.pagesRead()).toBe(before);
});

test("a PDF document is said to be unsupported", async () => {
  const { page } = await open("paper.pdf");
  const popup = await browser.popupOver(page);
  await popup.getByText("PDF documents are not supported.").waitFor();
});

test("the underline survives a framework that replaces every node", async () => {
  const { page } = await open("hydration.html");
  await expect.poll(() => highlighted(page).then(letters), PATIENT).toBe(NOTE);
  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
  await expect.poll(() => inDocument(page), PATIENT).toBe(true);
  expect(letters(await highlighted(page))).toBe(NOTE);
});

/** Whether what is underlined is in the document still. */
function inDocument(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    [...(CSS.highlights.get("telltale-leak") ?? [])].every(
      (range) => !(range as Range).collapsed && (range as Range).startContainer.isConnected,
    ),
  );
}

test("on a page without end each story is a page of its own", async () => {
  const { page, badge } = await open("endless.html");
  const popup = await browser.popupOver(page);
  await popup.getByText("No note was found on this page.").waitFor();
  expect(await badge.text(".badge")).toBeNull();
  await page.evaluate(() => document.querySelector("article:nth-of-type(2)")?.scrollIntoView());
  await page.waitForURL("**/endless/leak");
  await badge.shown(".badge", 10_000);
  expect(letters(await highlighted(page))).toBe(NOTE);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForURL("**/endless.html");
  await expect.poll(() => badge.text(".badge"), PATIENT).toBeNull();
});

test("a page's scripts cannot hide the badge, take it off, work it or read it", async () => {
  const { page, badge } = await open("hostile.html");
  await badge.shown(".badge", 10_000);
  await expect.poll(() => badge.isShown(".badge")).toBe(true);
  expect(await badge.text(".popover")).toBeNull();
  await badge.click(".badge");
  await expect.poll(() => badge.isShown(".popover")).toBe(true);
  expect(plain((await badge.text(".popover")) ?? "")).toContain(REWRITE);
  expect(await page.evaluate(() => ({ ...document.documentElement.dataset }))).toEqual({});
});

test("over a covering overlay the badge can be reached", async () => {
  const { badge } = await open("paywall.html");
  await badge.shown(".badge", 10_000);
  await badge.click(".badge");
  expect(await badge.text(".popover")).toContain("This page carries a note");
});
