import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { EXTENSION } from "./browser";
import { browser, pages, withBrowser } from "./session";
import { BadgeView, type Box } from "./shadow";

/** A browser without the CSS Custom Highlight API: no switch turns it off, so it is taken from the content script's world. */

const extension = withoutHighlights();

withBrowser({ extension });

afterAll(() => rmSync(dirname(extension), { recursive: true, force: true }));

/** The built extension, in whose content scripts the API is not there. */
function withoutHighlights(): string {
  const folder = join(mkdtempSync(join(tmpdir(), "telltale-without-")), "extension");
  cpSync(EXTENSION, folder, { recursive: true });
  const script = join(folder, "content-scripts/content.js");
  writeFileSync(script, `globalThis.Highlight = undefined;\n${readFileSync(script, "utf8")}`);
  return folder;
}

async function openLeak(): Promise<{ page: Page; badge: BadgeView }> {
  const page = await browser.open(pages.url("leak.html"));
  const badge = await BadgeView.on(page);
  await badge.shown(".badge", 10_000);
  return { page, badge };
}

/** Where the note's lines of text stand in the window. */
function noteLines(page: Page): Promise<Box[]> {
  return page.evaluate(() => {
    const texts = document.createTreeWalker(document.querySelector("article") as Node, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      const at = text.data.indexOf("This rewrite keeps");
      if (at >= 0) range.setStart(text, at);
      if (at >= 0) range.setEnd(text, text.data.trimEnd().length);
    }
    return [...range.getClientRects()].map(({ x, y, width, height }) => [x, y, width, height] as Box);
  });
}

/** Every line of the note's text has a line at its foot. */
async function isUnderlined(page: Page, badge: BadgeView): Promise<boolean> {
  const [texts, lines] = [await noteLines(page), await badge.boxes(".line")];
  const lies = ([x, y, width]: Box, [tx, ty, tw, th]: Box) =>
    x >= tx - 1 && x + width <= tx + tw + 1 && Math.abs(y - (ty + th)) <= 2;
  const covered = (text: Box) => lines.filter((line) => lies(line, text)).reduce((sum, [, , width]) => sum + width, 0);
  return texts.length > 1 && texts.every((text) => covered(text) > text[2] * 0.95);
}

test("a note is underlined by lines above the page, which follow its text wherever it moves", async () => {
  const { page, badge } = await openLeak();
  await expect.poll(() => isUnderlined(page, badge)).toBe(true);
  expect(await page.evaluate(() => CSS.highlights.size)).toBe(0);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect.poll(() => isUnderlined(page, badge)).toBe(true);
  await page.setViewportSize({ width: 700, height: 760 });
  await expect.poll(() => isUnderlined(page, badge)).toBe(true);
  await page.evaluate(() => document.querySelector("article p")?.remove());
  await expect.poll(() => isUnderlined(page, badge)).toBe(true);
});

test("the lines take no click, are not read aloud, and go with the note", async () => {
  const { page, badge } = await openLeak();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect.poll(() => isUnderlined(page, badge)).toBe(true);
  const [x = 0, y = 0] = (await badge.boxes(".line"))[0] ?? [];
  expect(await page.evaluate(([left, top]) => document.elementFromPoint(left, top)?.localName, [x, y] as const)).toBe(
    "p",
  );
  expect(await badge.attribute(".lines", "aria-hidden")).toBe("true");
  await browser.prefer({ leaks: false });
  await expect.poll(() => badge.boxes(".line")).toEqual([]);
});
