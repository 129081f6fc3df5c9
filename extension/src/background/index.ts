import { browser } from "wxt/browser";
import { defineBackground } from "wxt/utils/define-background";
import { askPage, listen } from "../protocol/client";
import { onStoredChange } from "../shared/stored";
import { listenToCommands, listenToMenu, makeMenu } from "./commands";
import { forgetClosedTabs } from "./given";
import { handlers } from "./handlers";
import { guardPairing } from "./pairing";

export default defineBackground(() => {
  listen(handlers);
  listenToCommands();
  listenToMenu();
  forgetClosedTabs();
  onStoredChange("preferences", () => void tellPages());
  void guardPairing();
  browser.runtime.onStartup.addListener(() => void makeMenu());
  browser.runtime.onInstalled.addListener(({ reason }) => {
    void makeMenu();
    if (reason === "install") void browser.tabs.create({ url: browser.runtime.getURL("/pairing.html") });
  });
});

/** Pages that are open follow a changed choice at once; tabs without a content script do not answer, which is fine. */
async function tellPages(): Promise<void> {
  const tabs = await browser.tabs.query({});
  await Promise.all(tabs.map(({ id }) => id !== undefined && askPage(id, { kind: "rules-changed" })));
}
