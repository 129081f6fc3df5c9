import { browser } from "wxt/browser";
import { askPage } from "../protocol/client";
import type { PageMessage } from "../protocol/messages";
import { t } from "../shared/words";

/** What a person asks of a page from outside of it: keyboard commands and the context menu. */

const COMMANDS: Record<string, PageMessage> = {
  "toggle-popover": { kind: "toggle-popover" },
  "next-note": { kind: "next-note" },
  "check-selection": { kind: "check-selection" },
};

export function listenToCommands(): void {
  browser.commands.onCommand.addListener((name, tab) => void onCommand(name, tab?.id));
}

/** Firefox before 126 names no tab. */
async function onCommand(name: string, tabId: number | undefined): Promise<void> {
  const message = COMMANDS[name];
  const id = tabId ?? (await browser.tabs.query({ active: true, currentWindow: true }))[0]?.id;
  if (message && id !== undefined) await askPage(id, message);
}

const MENU = "check-selection";

/** Made anew at each start of the browser or the extension: Firefox forgets menus, and Chromium refuses a second one. */
export async function makeMenu(): Promise<void> {
  await browser.contextMenus.removeAll();
  browser.contextMenus.create({ id: MENU, title: t("menu_check_selection"), contexts: ["selection"] });
}

export function listenToMenu(): void {
  browser.contextMenus.onClicked.addListener(({ menuItemId, selectionText, frameId }, tab) => {
    if (menuItemId !== MENU || tab?.id === undefined) return;
    // The page's script sees the top frame's selection; of any other there is only the browser's own account.
    const text = frameId ? selectionText : undefined;
    void askPage(tab.id, { kind: "check-selection", ...(text && { text }) });
  });
}
