import type { Page } from "playwright-core";
import type { Chromium } from "./browser";
import { record, scriptTasks } from "./trace";

/** What the extension costs a page in real Chromium. */
export interface Timing {
  /** Milliseconds from DOMContentLoaded until the badge stood in the page; null where none came. */
  badgeMs: number | null;
  /** The longest that the extension held the page's main thread in one task; a busy computer does not count. */
  longestMs: number;
  /** All that it held it together. */
  totalMs: number;
  /** The sum of all layout shifts, as Web Vitals counts them. */
  shift: number;
}

/** Opens a page and measures until `settled` says that the extension has done its work on it. */
export async function timeOf(
  browser: Chromium,
  url: string,
  settled: (page: Page) => Promise<unknown>,
): Promise<Timing> {
  const page = await browser.context.newPage();
  await page.addInitScript(watchPage);
  const session = await page.context().newCDPSession(page);
  const stop = await record(session);
  await page.goto(url);
  await settled(page);
  const tasks = scriptTasks(await stop(), "Telltale");
  const { ready, badge, shift } = await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
  await page.close();
  const totalMs = tasks.reduce((sum, ms) => sum + ms, 0);
  return { badgeMs: badge === null ? null : badge - ready, longestMs: Math.max(0, ...tasks), totalMs, shift };
}

interface Seen {
  ready: number;
  badge: number | null;
  shift: number;
}

/** Runs in the page before anything else of it. */
function watchPage(): void {
  const seen: Seen = { ready: 0, badge: null, shift: 0 };
  Object.assign(globalThis, { seen });
  addEventListener("DOMContentLoaded", () => {
    seen.ready = performance.now();
    new MutationObserver(() => {
      if (document.querySelector("telltale-badge")) seen.badge ??= performance.now();
    }).observe(document.documentElement, { childList: true });
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
  }).observe({ type: "layout-shift", buffered: true });
}
