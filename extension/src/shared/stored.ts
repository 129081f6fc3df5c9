import { browser } from "wxt/browser";

/** What the extension keeps in this browser: each is read and written in one place, and told of everywhere. */
export type Stored = "preferences" | "daemon";

/** Calls back after a change, in whichever part of the extension it was made. */
export function onStoredChange(key: Stored, act: () => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && key in changes) act();
  });
}
