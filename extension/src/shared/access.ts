import { browser } from "wxt/browser";

/** What the browser lets the extension reach. A person may take it back at any time, and give it again. */

export const DAEMON_ORIGINS = ["http://127.0.0.1/*"];
/** The pages that the content script reads; the same as its matches in the manifest. */
export const PAGE_ORIGINS = ["http://*/*", "https://*/*"];

export function mayReach(origins: string[]): Promise<boolean> {
  return browser.permissions.contains({ origins });
}

/** Asks the person; must follow from a click. False where they say no, or the browser asks only in its own settings. */
export async function askForAccess(): Promise<boolean> {
  const origins = [...DAEMON_ORIGINS, ...PAGE_ORIGINS];
  return browser.permissions.request({ origins }).catch(() => false);
}
