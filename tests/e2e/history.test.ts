import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import type { Daemon } from "./daemon";
import { Reviewer, startShownHistory, violations } from "./history-daemon";

/** The history pages in a real browser: accessible, narrow, by keyboard, dark, and their forms and files. */

let daemon: Daemon;
let reviewer: Reviewer;
let opened: Page | null = null;

beforeAll(async () => {
  daemon = await startShownHistory();
  reviewer = await Reviewer.launch(daemon);
});

afterEach(async () => {
  await opened?.context().close();
  opened = null;
});

afterAll(async () => {
  await reviewer?.close();
  await daemon?.remove();
});

async function open(...asked: Parameters<Reviewer["open"]>): Promise<Page> {
  opened = await reviewer.open(...asked);
  return opened;
}

const PATHS = [
  "/",
  "/?show=all&source=2",
  "/outlets",
  "/outlets/courier.example",
  "/pages/1",
  "/pages/10",
  "/network",
  "/search?q=rewrite",
  "/search?q=-nothing",
  "/review",
  "/review?show=decided",
  "/settings",
  "/figures",
];

describe.each(PATHS)("%s", (path) => {
  test.each(["light", "dark"] as const)("axe finds nothing amiss, %s", async (colorScheme) => {
    const page = await open(path, { colorScheme });
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await violations(page)).toEqual([]);
  });

  test("nothing runs out of a window of 320 pixels", async () => {
    const page = await open(path, { width: 320 });
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  test("every link, button and field can be come to with Tab, and is seen to have the focus", async () => {
    const page = await open(path);
    const wanted = await page.locator("a[href], button, input:not([type=hidden]), select, summary").count();
    expect(wanted).toBeGreaterThan(5);
    const { come, unseen } = await tabThrough(page, wanted + 20);
    const shown = await page.evaluate(
      () =>
        [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")].filter((element) =>
          element.checkVisibility(),
        ).length,
    );
    expect(come).toBe(shown);
    expect(unseen).toEqual([]);
  });
});

/** How many links, buttons and fields Tab comes to from the head of the page, and which are focused without a sign. */
async function tabThrough(page: Page, most: number): Promise<{ come: number; unseen: string[] }> {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    getSelection()?.removeAllRanges();
  });
  const seen = new Set<string>();
  const unseen: string[] = [];
  let last = "";
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body || !element.matches("a, button, input, select, summary")) return null;
      element.dataset.tab ??= String(document.querySelectorAll("[data-tab]").length);
      return { id: element.dataset.tab, outline: getComputedStyle(element).outlineStyle, html: element.outerHTML };
    });
    if (!at || at.id === last) continue; // a field for months has stops of its own
    if (seen.has(at.id)) break;
    seen.add(at.id);
    last = at.id;
    if (at.outline === "none") unseen.push(at.html);
  }
  return { come: seen.size, unseen };
}

test("the first thing that Tab comes to skips to the content", async () => {
  const page = await open("/");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  expect(new URL(page.url()).hash).toBe("#main");
});

test("the review queue goes by keys, and what was decided holds", async () => {
  const page = await open("/review");
  const quotes = page.locator("[data-note] mark");
  const [first, second] = [await quotes.nth(0).textContent(), await quotes.nth(1).textContent()];
  const count = await quotes.count();
  await page.keyboard.press("j");
  await Promise.all([page.waitForURL(/done=/), page.keyboard.press("d")]);
  await expect.poll(() => quotes.count()).toBe(count - 1);
  expect(await quotes.nth(0).textContent()).toBe(first);
  expect(await page.getByRole("status").textContent()).toContain(`Dismissed: “${second?.slice(0, 30)}`);
  await Promise.all([page.waitForURL((url) => !url.search.includes("done")), page.keyboard.press("z")]);
  await expect.poll(() => quotes.count()).toBe(count);
  expect(await quotes.nth(1).textContent()).toBe(second);
});

test("no key does anything while none of the notes has the focus", async () => {
  const page = await open("/review");
  const before = await page.locator("[data-note]").count();
  await page.locator("h1").click();
  for (const key of ["j", "c", "d", "u"]) await page.keyboard.press(key);
  await page.reload();
  expect(await page.locator("[data-note]").count()).toBe(before);
});

test("a search is in its address, and the file under it has what the page shows", async () => {
  const page = await open("/search");
  await page.getByLabel("Words of titles").fill("rewrite");
  await page.getByLabel("Verdict").selectOption("undisclosed");
  await page.getByRole("button", { name: "Search" }).click();
  expect(new URL(page.url()).search).toContain("q=rewrite&verdict=undisclosed");
  const shown = await page.locator("ul.pages h3").allTextContents();
  await page.getByText("Export all pages of this search").click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "NDJSON, a page a line" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
  const titles = lines.map((line) => JSON.parse(line).title);
  expect(download.suggestedFilename()).toMatch(/^telltale-\d{4}-\d\d-\d\d\.ndjson$/);
  expect(titles.reverse()).toEqual(shown);
});

test("what a page says of itself runs nothing", async () => {
  const page = await open("/?show=all");
  expect(await page.getByRole("link", { name: "<script>alert(1)</script>" }).count()).toBeGreaterThan(0);
  expect(await page.locator("script:not([src^='/static/'])").count()).toBe(0);
});
