import { browser } from "wxt/browser";
import { defineBackground } from "wxt/utils/define-background";
import { listen } from "../protocol/client";
import { handlers } from "./handlers";
import { guardSettings } from "./settings";

export default defineBackground(() => {
  listen(handlers);
  void guardSettings();
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === "install") void browser.tabs.create({ url: browser.runtime.getURL("/pairing.html") });
  });
});
