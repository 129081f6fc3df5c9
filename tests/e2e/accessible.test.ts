import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { browser, pages, withBrowser } from "./session";
import { BadgeView } from "./shadow";

/** What axe-core finds amiss in the badge, the popover and the extension's own pages, light and dark. */

const AXE = readFileSync(join(import.meta.dirname, "../../extension/node_modules/axe-core/axe.min.js"), "utf8");

withBrowser({ tidied: false });

afterEach(() => browser.closePages());

declare const axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => (await axe.run()).violations);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.each(["pairing.html", "options.html", "popup.html"])("%s", async (name) => {
    const page = await browser.open(`${browser.origin}/${name}`);
    await page.emulateMedia({ colorScheme });
    await page.locator("h1").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("the popover and the popup over a page with a note", async () => {
    const page = await browser.open(pages.url("leak.html"));
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const badge = await BadgeView.on(page);
    await badge.shown(".badge", 10_000);
    await badge.click(".badge");
    const popup = await browser.popupOver(page);
    await popup.emulateMedia({ colorScheme });
    await popup.locator(".note").first().waitFor();
    expect(await violations(popup)).toEqual([]);
    const outside = await browser.open("about:blank");
    await outside.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await outside.setContent(`<html lang="en"><title>Badge</title>${await badge.outside()}`);
    expect(await violations(outside)).toEqual([]);
  });
});
