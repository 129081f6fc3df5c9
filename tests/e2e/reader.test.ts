import type { Page } from "playwright-core";
import { highlighted, letters, REFUSAL, REWRITE, SLANT } from "./marks";
import { checkNewText } from "./selection";
import { browser, daemon, pages, withBrowser } from "./session";
import { BadgeView } from "./shadow";

/** What a reader does about a note, and what they choose. */

withBrowser();

afterEach(() => browser.prefer({}));

async function openLeak(): Promise<{ page: Page; badge: BadgeView }> {
  const page = await browser.open(pages.url("leak.html"));
  const badge = await BadgeView.on(page);
  await badge.shown(".badge", 10_000);
  return { page, badge };
}

const DISMISS = ".note .decide button:nth-of-type(2)";
const STANDING = ".note:not(.dismissed)";
const UNDO = ".note .decide button";

test("'not a note' takes the mark off at once and for good, until it is undone", async () => {
  const { page, badge } = await openLeak();
  const before = await highlighted(page);
  await badge.click(".badge");
  await badge.click(DISMISS);
  await expect.poll(() => badge.text(".note.dismissed")).toContain("You said: not a note.");
  const after = await highlighted(page);
  expect(after.length).toBeLessThan(before.length);
  await page.reload();
  await expect.poll(() => highlighted(page)).toBe(after);
  const again = await BadgeView.on(page);
  if (after === "") {
    const popup = await browser.popupOver(page);
    await popup.getByRole("button", { name: "Undo" }).click();
  } else {
    await again.click(".badge");
    await again.click(UNDO);
  }
  await expect.poll(() => highlighted(page)).toBe(before);
});

test("a dismissed note can be had back from the popup, though the page has no badge", async () => {
  const { page, badge } = await openLeak();
  await badge.click(".badge");
  for (let left = await badge.count(STANDING); left > 0; left--) {
    await badge.click(`${STANDING} .decide button:nth-of-type(2)`);
    await expect.poll(() => badge.count(STANDING)).toBe(left - 1);
  }
  await page.keyboard.press("Escape");
  await expect.poll(() => badge.text(".badge")).toBeNull();
  const popup = await browser.popupOver(page);
  const undo = popup.getByRole("button", { name: "Undo" });
  await undo.first().waitFor();
  for (let left = await undo.count(); left > 0; left--) {
    await undo.first().click();
    await expect.poll(() => undo.count()).toBe(left - 1);
  }
  await expect.poll(() => highlighted(page).then(letters)).toBe(letters(REWRITE + SLANT));
});

test("'right' is kept, and said when the page is seen again", async () => {
  const { page, badge } = await openLeak();
  await badge.click(".badge");
  await badge.click(".note .decide button");
  await expect.poll(() => badge.text(".note .decide")).toContain("You said: right.");
  await page.reload();
  const again = await BadgeView.on(page);
  await again.shown(".badge", 10_000);
  await again.click(".badge");
  expect(await again.text(".note .decide")).toContain("You said: right.");
  await again.click(UNDO);
  await expect.poll(() => again.text(".note .decide")).not.toContain("You said");
});

test("a site paused in the popup is left alone at once, and read again when resumed", async () => {
  const { page, badge } = await openLeak();
  const popup = await browser.popupOver(page);
  await popup.getByRole("button", { name: "Pause on this site" }).click();
  await popup.getByRole("heading", { name: "Telltale is paused on this site." }).waitFor();
  expect(await badge.text(".badge")).toBeNull();
  const before = daemon.pagesRead();
  await page.reload();
  await expect.poll(() => browser.toolbarText(page)).toBe("–");
  expect(daemon.pagesRead()).toBe(before);
  await popup.bringToFront();
  await popup.getByRole("button", { name: "Resume" }).click();
  await (await BadgeView.on(page)).shown(".badge", 10_000);
});

test("the options page pauses and resumes a site, and says what is no site", async () => {
  const options = await browser.open(`${browser.origin}/options.html`);
  await options.getByRole("textbox", { name: "Site" }).fill("not a site");
  await options.getByRole("button", { name: "Pause" }).click();
  await options.getByText("A site is a name such as").waitFor();
  await options.getByRole("textbox", { name: "Site" }).fill("https://www.news.example/story?a=1");
  await options.getByRole("button", { name: "Pause" }).click();
  await options.getByRole("button", { name: "Resume: news.example" }).click();
  await options.getByText("No site is paused.").waitFor();
});

test("with notes left in switched off, a page that carries one shows nothing", async () => {
  const { page, badge } = await openLeak();
  const options = await browser.open(`${browser.origin}/options.html`);
  await options.getByLabel("Notes that an AI tool left in").uncheck();
  await expect.poll(() => badge.text(".badge")).toBeNull();
  expect(await highlighted(page)).toBe("");
  await options.getByLabel("Notes that an AI tool left in").check();
  await badge.shown(".badge", 10_000);
});

test("a quiet badge where nothing was found is there for those who ask", async () => {
  await browser.prefer({ silence: true });
  const page = await browser.open(pages.url("clean.html"));
  const badge = await BadgeView.on(page);
  await expect.poll(() => badge.text(".badge"), { timeout: 10_000 }).toBe("No AI note");
  await badge.click(".badge");
  expect(await badge.text(".popover")).toContain("No note was found on this page.");
});

test("with the history off, a page is judged and not kept", async () => {
  await browser.prefer({ record: false });
  const before = daemon.pagesKept();
  const page = await browser.open(pages.url("split.html"));
  const badge = await BadgeView.on(page);
  await badge.shown(".badge", 10_000);
  await badge.click(".badge");
  expect(await badge.text(".popover")).toContain("This page is not kept in the history.");
  expect(await badge.text(".decide")).toBeNull();
  expect(daemon.pagesKept()).toBe(before);
});

test("a selection is judged on request, underlined, and not recorded", async () => {
  const before = daemon.pagesKept();
  const page = await browser.open(pages.url("no-article.html"));
  await checkNewText(page);
  const badge = await BadgeView.on(page);
  await expect.poll(() => badge.text(".popover"), { timeout: 10_000 }).toContain("The selection carries 1 note.");
  expect(letters(await highlighted(page))).toBe(letters(REFUSAL));
  await page.keyboard.press("Escape");
  expect(await badge.text(".badge")).toBeNull();
  expect(daemon.pagesKept()).toBe(before);
});

test("a selection without a note says so", async () => {
  const page = await browser.open(pages.url("clean.html"));
  await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector("h1 ~ p") as Element));
  await browser.clickMenu(page, "check-selection");
  const badge = await BadgeView.on(page);
  await expect.poll(() => badge.text(".popover"), { timeout: 10_000 }).toContain("No note was found in the selection.");
});

test("the keys that the extension suggests are free in the browser", async () => {
  const options = await browser.open(`${browser.origin}/options.html`);
  await options.getByRole("heading", { name: "Keyboard" }).waitFor();
  expect(await options.locator("kbd").count()).toBe(4);
});
