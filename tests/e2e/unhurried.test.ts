import type { Page } from "playwright-core";
import { browser, pages, withBrowser } from "./session";
import { timeOf } from "./timing";

/** No page is slowed or moved: what the extension does in a page's main thread, and what it keeps of pages that were left. */

withBrowser({ tidied: false });

/** The toolbar icon tells of the verdict, and asking it costs the page nothing. */
async function marked(page: Page): Promise<void> {
  await expect.poll(() => browser.toolbarText(page), { timeout: 20_000 }).toMatch(/^\d+$/);
}

/** Milliseconds; a frame of 60 a second has 16. */
const LONGEST_TASK = 20;

test.each(["leak.html", "awkward/huge.html"])("%s: no task of its own is longer than a frame", async (name) => {
  const { longestMs, shift } = await timeOf(browser, pages.url(name), marked);
  expect(longestMs).toBeGreaterThan(0);
  expect(longestMs).toBeLessThan(LONGEST_TASK);
  expect(shift).toBe(0);
});

interface Counts {
  documents: number;
  nodes: number;
  jsEventListeners: number;
}

/** What the page's process holds once its garbage is gone. */
async function counts(page: Page): Promise<Counts> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const held = await session.send("Memory.getDOMCounters");
  await session.detach();
  return held;
}

async function turnPages(page: Page, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await page.getByText("The clean story").click();
    await expect.poll(() => browser.toolbarText(page)).toBe("");
    await page.getByText("The other story").click();
    await marked(page);
  }
}

test("what was read of a page is let go when an application shows another", async () => {
  const page = await browser.open(pages.url("app/leak"));
  await marked(page);
  await turnPages(page, 3);
  const before = await counts(page);
  await turnPages(page, 20);
  const after = await counts(page);
  expect(after.nodes).toBeLessThan(before.nodes * 1.2);
  expect(after.jsEventListeners).toBeLessThanOrEqual(before.jsEventListeners + 2);
  await page.close();
});

test("nothing is left of a page that another took the place of", async () => {
  const page = await browser.open(pages.url("clean.html"));
  const before = await counts(page);
  for (let time = 0; time < 3; time++) {
    await page.goto(pages.url("awkward/huge.html"));
    await marked(page);
  }
  await page.goto(pages.url("clean.html"));
  await expect.poll(async () => (await counts(page)).nodes, { timeout: 10_000 }).toBeLessThan(before.nodes + 1000);
  await page.close();
});
