import type { Page } from "puppeteer-core";
import { Daemon } from "./daemon";
import { Firefox, FirefoxBadge } from "./firefox";
import { letters, REWRITE, SLANT } from "./marks";
import { type PageServer, servePages } from "./server";

/** The main job in Firefox: the same source, the other browser. */

let daemon: Daemon;
let pages: PageServer;
let firefox: Firefox;

beforeAll(async () => {
  [daemon, pages, firefox] = await Promise.all([Daemon.start(), servePages(), Firefox.launch()]);
  await firefox.pair(daemon.port, daemon.code());
});

afterAll(async () => {
  await firefox?.close();
  await pages?.stop();
  await daemon?.remove();
});

function highlighted(page: Page): Promise<string> {
  return page.evaluate(() => [...(CSS.highlights.get("telltale-leak") ?? [])].map(String).join(""));
}

test("a note left in gets a badge and an underline over exactly its two sentences", async () => {
  const page = await firefox.open(pages.url("leak.html"));
  const badge = new FirefoxBadge(page);
  await expect.poll(() => badge.text(".badge"), { timeout: 10_000 }).toMatch(/^\d AI notes?$/);
  expect(letters(await highlighted(page))).toBe(letters(REWRITE + SLANT));
  await page.close();
});

test("the popover opens by a click, tells what was found and closes by Escape", async () => {
  const page = await firefox.open(pages.url("leak.html"));
  const badge = new FirefoxBadge(page);
  await expect.poll(() => badge.text(".badge"), { timeout: 10_000 }).not.toBeNull();
  await badge.click(".badge");
  await expect.poll(() => badge.text(".popover")).toContain("This page carries a note left by an AI tool.");
  await page.keyboard.press("Escape");
  await expect.poll(() => badge.text(".popover")).toBeNull();
  await page.close();
});

test("'not a note' takes the mark off, and 'undo' puts it back", async () => {
  const page = await firefox.open(pages.url("leak.html"));
  const badge = new FirefoxBadge(page);
  await expect.poll(() => badge.text(".badge"), { timeout: 10_000 }).not.toBeNull();
  const before = await highlighted(page);
  await badge.click(".badge");
  await badge.click(".note .decide button:nth-of-type(2)");
  await expect.poll(() => badge.text(".note.dismissed")).toContain("You said: not a note.");
  expect((await highlighted(page)).length).toBeLessThan(before.length);
  await badge.click(".note.dismissed .decide button");
  await expect.poll(() => highlighted(page)).toBe(before);
  await page.close();
});

test("a note among emoji, other scripts and inline markup is underlined to the letter", async () => {
  const page = await firefox.open(pages.url("inline.html"));
  await expect.poll(() => highlighted(page), { timeout: 10_000 }).not.toBe("");
  const text = (await highlighted(page)).replace(/\s+/g, " ").trim();
  expect(text).toMatch(/^(🌉 )?As an AI language model, I cannot give the cafe\u0301 in 東京 /u);
  await page.close();
});

test("the same article without the note gets no badge and no underline", async () => {
  const before = daemon.pagesRead();
  const page = await firefox.open(pages.url("clean.html"));
  await expect.poll(() => daemon.pagesRead(), { timeout: 10_000 }).toBeGreaterThan(before);
  expect(await new FirefoxBadge(page).text(".badge")).toBeNull();
  expect(await highlighted(page)).toBe("");
  await page.close();
});

test("when access is taken back, the popup says so and asks for it", async () => {
  const popup = await firefox.popup();
  const origins = ["http://127.0.0.1/*", "http://*/*", "https://*/*"];
  await popup.evaluate((all) => browser.permissions.remove({ origins: all }), origins);
  await popup.close();
  const again = await firefox.popup();
  await expect
    .poll(() => again.$eval("h1", (heading) => heading.textContent))
    .toBe("The browser does not let the extension reach the daemon.");
  expect(await again.$eval("[data-action=allow]", (button) => button.textContent)).toBe("Allow");
  await again.close();
});

declare const browser: { permissions: { remove: (wanted: object) => Promise<boolean> } };
