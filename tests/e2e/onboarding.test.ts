import type { Page } from "playwright-core";
import { Chromium } from "./browser";
import { Daemon } from "./daemon";
import { highlighted, letters, plain } from "./marks";
import { BadgeView } from "./shadow";

/** From an extension just installed to the first note seen, without a code typed. */

let daemon: Daemon;
let browser: Chromium;

beforeAll(async () => {
  [daemon, browser] = await Promise.all([Daemon.start(), Chromium.launch()]);
});

afterEach(async () => {
  expect(browser.errors.splice(0)).toEqual([]);
  await browser.closePages();
});

afterAll(async () => {
  await browser?.close();
  await daemon?.remove();
});

function openDaemons(path: string): Promise<Page> {
  return browser.open(`http://127.0.0.1:${daemon.port}${path}`);
}

const BUTTON = "#telltale-pair";

test("at a port that the extension does not know, the button pairs nothing and says how to", async () => {
  const page = await openDaemons(`/pair#${daemon.code()}`);
  await page.locator(BUTTON).click();
  await page.getByText("only at the port that it knows").waitFor();
});

test("a page's script cannot press the button", async () => {
  await browser.moveTo(daemon.port);
  const page = await openDaemons(`/pair#${daemon.code()}`);
  await page.locator(`${BUTTON}:enabled`).waitFor();
  await page.evaluate((selector) => (document.querySelector(selector) as HTMLElement).click(), BUTTON);
  const popup = await browser.popupOver(page);
  await popup.getByRole("heading", { name: "The extension is not paired with the daemon." }).waitFor();
});

test("a code that was never made is refused with a sentence", async () => {
  const page = await openDaemons("/pair#AAAA-AAAA");
  await page.locator(BUTTON).click();
  await page.getByText("This code is wrong, was used already or is older than ten minutes.").waitFor();
});

test("without a code in its address the page offers none", async () => {
  const page = await openDaemons("/pair");
  await page.getByText("ask for one with").waitFor();
  expect(await page.locator(BUTTON).isDisabled()).toBe(true);
});

test("one click pairs, shows what to look out for, and leads to a sample on which a note is marked", async () => {
  const waiting = await browser.open(`${browser.origin}/pairing.html`);
  const page = await openDaemons(`/pair#${daemon.code()}`);
  await page.locator(BUTTON).click();
  await page.getByRole("heading", { name: "Paired." }).waitFor();
  await waiting.getByRole("heading", { name: "Paired." }).waitFor();
  expect(await page.locator("kbd").count()).toBe(4);
  const before = daemon.pagesKept();
  const opened = browser.context.waitForEvent("page");
  await page.getByRole("button", { name: "See it on a sample page" }).click();
  const sample = await opened;
  const badge = await BadgeView.on(sample);
  await badge.shown(".badge", 10_000);
  const note = await sample.locator("article p:last-of-type").textContent();
  expect(letters(await highlighted(sample))).toBe(letters(note ?? ""));
  await badge.click(".badge");
  expect(plain((await badge.text(".popover")) ?? "")).toContain("This page is not kept in the history.");
  expect(daemon.pagesKept()).toBe(before);
});

test("a pairing that holds is not replaced by a click", async () => {
  const page = await openDaemons(`/pair#${daemon.code()}`);
  await page.locator(BUTTON).click();
  await page.getByText("This browser is paired already.").waitFor();
});

test("the options lead to the daemon's pages for keeping and exporting", async () => {
  const options = await browser.open(`${browser.origin}/options.html`);
  const keeping = browser.context.waitForEvent("page");
  await options.getByRole("button", { name: "How long pages are kept" }).click();
  await (await keeping).getByRole("heading", { name: "How long pages are kept" }).waitFor();
  await options.bringToFront();
  const exporting = browser.context.waitForEvent("page");
  await options.getByRole("button", { name: "Export the history" }).click();
  await (await exporting).getByText(/^Export everything|^Nothing was recorded yet/).waitFor();
});
