import { browser } from "wxt/browser";
import { askBackground } from "../protocol/client";
import type { DaemonSeen } from "../protocol/state";
import { changePreferences, readPreferences, setPaused } from "../shared/preferences";
import { openShortcuts, shortcuts } from "../shared/shortcuts";
import { onStoredChange } from "../shared/stored";
import { language, t } from "../shared/words";
import { type OptionsActs, type OptionsView, render, renderDaemon } from "./render";

/** The options page. Every change takes effect at once; there is nothing to save. */

const main = document.getElementById("main") as HTMLElement;

/** As it was last heard: no choice waits for it. */
let daemon: DaemonSeen = { kind: "asking" };

async function view(): Promise<OptionsView> {
  const [preferences, keys] = await Promise.all([readPreferences(), shortcuts()]);
  return { preferences, daemon, keys, version: browser.runtime.getManifest().version };
}

const acts: OptionsActs = {
  choose: (change) => void changePreferences(change),
  setPaused: (site, paused) => void setPaused(site, paused),
  openShortcuts: () => void openShortcuts(),
  pair: () => void askBackground({ kind: "open-pairing" }),
  unpair: () => void askBackground({ kind: "unpair" }),
  openHistory: async (to) => {
    const outcome = await askBackground({ kind: "open-history", ...(to && { to }) });
    return outcome.ok ? "" : outcome.sentence;
  },
};

/** Drawn anew after each change, with the keyboard where it was. */
async function show(): Promise<void> {
  const at = document.activeElement?.id;
  render(main, await view(), acts);
  if (at) document.getElementById(at)?.focus();
}

/** Only what is said of the daemon changes: it may answer late, when a person is typing elsewhere on the page. */
async function hear(): Promise<void> {
  daemon = await askBackground({ kind: "daemon" });
  renderDaemon(main, await view(), acts);
}

document.documentElement.lang = language();
document.title = t("options_title");
onStoredChange("preferences", () => void show());
onStoredChange("daemon", () => void hear());
void show();
void hear();
