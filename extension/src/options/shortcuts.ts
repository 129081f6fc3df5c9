import { browser } from "wxt/browser";
import { t } from "../shared/words";

/** Keys are the browser's to give: the page shows which they are and leads to where they are changed. */
export interface Shortcut {
  what: string;
  keys: string;
}

export async function shortcuts(): Promise<Shortcut[]> {
  const commands = await browser.commands.getAll();
  return commands.map(({ name, description, shortcut }) => ({
    what: name === "_execute_action" ? t("command_popup") : (description ?? ""),
    keys: shortcut ?? "",
  }));
}

/** Firefox has a call for it; Chromium has a page. */
export async function openShortcuts(): Promise<void> {
  const commands = browser.commands as { openShortcutSettings?: () => Promise<void> };
  if (commands.openShortcutSettings) await commands.openShortcutSettings();
  else await browser.tabs.create({ url: "chrome://extensions/shortcuts" });
}
