import type { Page } from "playwright-core";
import { highlighted, letters, plain, REWRITE, SLANT } from "./marks";
import { browser, daemon, pages, withBrowser } from "./session";
import { BadgeView } from "./shadow";

/** The main job: a page with a note gets a badge and an underline over exactly the note, a page without gets nothing. */

withBrowser();

async function settled(page: Page): Promise<void> {
  const popup = await browser.popupOver(page);
  await expect.poll(() => popup.locator("h1").textContent()).not.toMatch(/is reading|^Asking|^$/);
  await popup.close();
}

async function open(name: string): Promise<{ page: Page; badge: BadgeView }> {
  const page = await browser.open(pages.url(name));
  return { page, badge: await BadgeView.on(page) };
}

test("a note left in gets a badge and an underline over exactly its two sentences", async () => {
  const { page, badge } = await open("leak.html");
  await expect.poll(() => badge.text(".badge"), { timeout: 10_000 }).toMatch(/^\d AI notes?$/);
  expect(letters(await highlighted(page))).toBe(letters(REWRITE + SLANT));
  await page.close();
});

test("the popover tells quote, family, confidence, first sight and tally, and closes by Escape", async () => {
  const { page, badge } = await open("leak.html");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  await badge.click(".badge");
  const popover = plain((await badge.text(".popover")) ?? "");
  expect(popover).toContain("This page carries a note left by an AI tool.");
  expect(popover).toContain(REWRITE);
  expect(popover).toMatch(/How sure Telltale is: (almost certain|very likely|likely)\./);
  expect(popover).toMatch(/First seen by this browser: .*20\d\d/);
  expect(popover).toMatch(/\d+ of \d+ pages? you read here \(courier\.localhost\)/);
  expect(popover).not.toContain("%");
  expect(await badge.attribute(".badge", "aria-expanded")).toBe("true");
  await page.keyboard.press("Escape");
  expect(await badge.text(".popover")).toBeNull();
  expect(await badge.isFocused(".badge")).toBe(true);
  await page.close();
});

test("a popover stays open while the page takes tracking parameters out of its address", async () => {
  const { page, badge } = await open("leak.html?utm_source=feed");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  await badge.click(".badge");
  await page.evaluate(() => history.replaceState(null, "", "/leak.html"));
  await page.evaluate(() => document.body.append("A line that is read after the address changed."));
  await page.waitForTimeout(2500);
  expect(await badge.text(".popover")).toContain("This page carries a note");
  await page.close();
});

test("clicks that a page's script makes are ignored", async () => {
  const { page, badge } = await open("leak.html");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  await badge.scriptedClick(".badge");
  expect(await badge.text(".popover")).toBeNull();
  await page.close();
});

test("'show the note' scrolls to it and sets it off", async () => {
  const { page, badge } = await open("leak.html");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  await page.evaluate(() => scrollTo(0, 0));
  await badge.click(".badge");
  await badge.click(".foot .act");
  expect(plain(await highlighted(page, "telltale-current"))).not.toBe("");
  const top = await page.getByText(REWRITE.slice(0, 30)).evaluate((element) => element.getBoundingClientRect().top);
  expect(top).toBeGreaterThan(0);
  expect(top).toBeLessThan(760);
  await page.close();
});

test("'open the history' opens the daemon's page in a tab", async () => {
  const { page, badge } = await open("leak.html");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  await badge.click(".badge");
  const opened = browser.context.waitForEvent("page");
  await badge.click(".foot .act:nth-of-type(2)");
  const history = await opened;
  await history.waitForURL(new RegExp(`^http://127\\.0\\.0\\.1:${daemon.port}/`));
  await history.close();
  await page.close();
});

test("the same article without the note gets no badge and no underline", async () => {
  const { page, badge } = await open("clean.html");
  await settled(page);
  expect(await badge.text(".badge")).toBeNull();
  expect(await highlighted(page)).toBe("");
  expect(await page.evaluate(() => document.querySelector("telltale-badge"))).toBeNull();
  await page.close();
});

test("a note behind the article's own container is found", async () => {
  const { page, badge } = await open("outside.html");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  expect(letters(await highlighted(page))).toBe(letters(REWRITE + SLANT));
  await page.close();
});

test("a note split over two paragraphs is underlined in both", async () => {
  const { page, badge } = await open("split.html");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  expect(letters(await highlighted(page))).toBe(letters(REWRITE + SLANT));
  await page.close();
});

test("a note among emoji, other scripts and inline markup is underlined to the letter", async () => {
  const { page, badge } = await open("inline.html");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  const text = plain(await highlighted(page));
  expect(text).toMatch(/^(🌉 )?As an AI language model, I cannot give the cafe\u0301 in 東京 /u);
  expect(text).toMatch(/a ?more urgent voice( 👩‍🔬)?\.$/u);
  await page.close();
});

test("a page that tells its readers of AI gets the other words", async () => {
  const { page, badge } = await open("disclosed.html");
  await expect.poll(() => badge.text(".badge")).toBe("AI, says the page");
  expect(plain(await highlighted(page, "telltale-disclosure"))).toContain("produced with the help of AI");
  await page.close();
});

test("a page that is no article is left alone", async () => {
  const { page, badge } = await open("no-article.html");
  const popup = await browser.popupOver(page);
  await popup.getByText("does not look like an article").waitFor();
  expect(await badge.text(".badge")).toBeNull();
  await popup.close();
  await page.close();
});

test("a single-page application is read anew when its address changes, and old marks go", async () => {
  const { page, badge } = await open("app/leak");
  await expect.poll(() => badge.text(".badge"), { timeout: 10_000 }).not.toBeNull();
  await page.getByText("The clean story").click();
  await expect.poll(() => badge.text(".badge")).toBeNull();
  await settled(page);
  expect(await highlighted(page)).toBe("");
  await page.getByText("The other story").click();
  await expect.poll(() => badge.text(".badge"), { timeout: 10_000 }).not.toBeNull();
  expect(plain(await highlighted(page))).toContain(REWRITE);
  await page.close();
});

test("an application that changes its address before its text has no text kept under another's address", async () => {
  const { page, badge } = await open("app/leak");
  await expect.poll(() => badge.text(".badge"), { timeout: 10_000 }).not.toBeNull();
  const before = daemon.pagesRead();
  await page.getByText("A slow story").click();
  await expect.poll(async () => plain((await page.locator("#root").textContent()) ?? "")).not.toContain(REWRITE);
  await expect.poll(() => daemon.pagesRead(), { timeout: 10_000 }).toBeGreaterThan(before);
  await settled(page);
  expect(daemon.pagesRead()).toBe(before + 1);
  expect(await highlighted(page)).toBe("");
  await page.close();
});

test("the badge comes back with a page from the back-forward cache", async () => {
  const { page, badge } = await open("leak.html");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  await page.goto(pages.url("clean.html"));
  await page.goBack();
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  expect(plain(await highlighted(page))).toContain(SLANT);
  await page.close();
});

test("nothing on the page moves", async () => {
  const { page, badge } = await open("leak.html");
  await expect.poll(() => badge.text(".badge")).not.toBeNull();
  await badge.click(".badge");
  await badge.click(".close");
  expect(await page.evaluate(layoutShifts)).toEqual([]);
  await page.close();
});

/** Every shift since the page began, with what moved. */
function layoutShifts(): Promise<string[]> {
  return new Promise((resolve) => {
    const shifts: string[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & { value: number; sources: { node?: Node }[] };
        shifts.push(`${value} at ${entry.startTime}: ${sources.map(({ node }) => node?.nodeName).join(", ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(shifts), 300);
  });
}
