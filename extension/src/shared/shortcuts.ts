import { browser } from "wxt/browser";
import { make } from "./elements";
import { t } from "./words";

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

export function makeShortcuts(all: readonly Shortcut[]): HTMLElement {
  const rows = all.map(({ what, keys }) =>
    make("div", {}, make("dt", {}, what), make("dd", {}, keys ? make("kbd", {}, keys) : t("options_keys_none"))),
  );
  return make("dl", {}, ...rows);
}
