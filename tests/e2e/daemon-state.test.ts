import { browser, daemon, pages, withBrowser } from "./session";
import { BadgeView } from "./shadow";

/** A daemon that is not there is an ordinary state: said in the popup, silent on the page, over when it is back. */

withBrowser({ paired: false });

test("before pairing the popup says so and leads to the pairing page", async () => {
  await browser.moveTo(daemon.port);
  const page = await browser.open(pages.url("leak.html"));
  const popup = await browser.popupOver(page);
  await popup.getByRole("heading", { name: "The extension is not paired with the daemon." }).waitFor();
  await expect.poll(() => browser.toolbarText(page)).toBe("pair");
  const opened = browser.context.waitForEvent("page");
  await popup.getByRole("button", { name: "Pair now" }).click();
  await (await opened).getByRole("heading", { name: "Pair Telltale with this computer" }).waitFor();
});

test("with the daemon stopped the popup says that it is not running and how to start it", async () => {
  await browser.pair(daemon.port, daemon.code());
  await daemon.stop();
  const page = await browser.open(pages.url("leak.html"));
  const popup = await browser.popupOver(page);
  await popup.getByRole("heading", { name: "The Telltale daemon is not running." }).waitFor();
  expect(await popup.locator("code").textContent()).toBe("telltale run");
  await expect.poll(() => browser.toolbarText(page)).toBe("off");
  expect(await (await BadgeView.on(page)).text(".badge")).toBeNull();
});

test("once the daemon is back, opening the popup is enough to have the page read", async () => {
  const page = await browser.open(pages.url("leak.html"));
  await expect.poll(() => browser.toolbarText(page)).toBe("off");
  await daemon.start();
  const popup = await browser.popupOver(page);
  await popup.getByRole("heading", { name: "This page carries a note left by an AI tool." }).waitFor();
  expect(await (await BadgeView.on(page)).text(".badge")).toMatch(/^\d AI notes?$/);
});

test("where a person withholds access to sites, the popup says so and asks for it", async () => {
  await browser.setSiteAccess("ON_CLICK");
  const page = await browser.open(pages.url("leak.html"));
  const popup = await browser.popupOver(page);
  await popup.getByRole("heading", { name: "The browser does not let the extension reach the daemon." }).waitFor();
  await popup.getByRole("button", { name: "Allow" }).waitFor();
  await browser.setSiteAccess("ON_ALL_SITES");
  await page.reload();
  await (await BadgeView.on(page)).shown(".badge", 10_000);
});

test("the browser's rules for pages that reach for this computer do not stop the extension", async () => {
  await browser.denyLocalNetwork();
  const page = await browser.open(pages.url("split.html"));
  await (await BadgeView.on(page)).shown(".badge", 10_000);
  await daemon.stop();
  const popup = await browser.popupOver(await browser.open(pages.url("clean.html")));
  await popup.getByRole("heading", { name: "The Telltale daemon is not running." }).waitFor();
});
