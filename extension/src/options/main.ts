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

/** Drawn anew after each change, made here or in the popup, with what was typed. */
async function show(): Promise<void> {
  const seen = await view();
  const typed = siteField()?.value ?? "";
  keepKeyboard(() => {
    render(main, seen, acts);
    const field = siteField();
    if (field) field.value = typed;
  });
}

function siteField(): HTMLInputElement | null {
  return main.querySelector("#site");
}

/** The keyboard stays where it was; where that is gone, it goes to the field of its section, else to the heading. */
function keepKeyboard(draw: () => void): void {
  const at = document.activeElement;
  draw();
  if (!at || at.isConnected) return;
  const heading = at.closest("section")?.getAttribute("aria-labelledby") ?? "";
  const field = main.querySelector<HTMLElement>(`[aria-labelledby="${heading}"] input`);
  (document.getElementById(at.id) ?? field ?? document.getElementById(heading))?.focus();
}

/** Only what is said of the daemon changes: it may answer late, when a person is typing elsewhere on the page. */
async function hear(): Promise<void> {
  daemon = await askBackground({ kind: "daemon" });
  const seen = await view();
  keepKeyboard(() => renderDaemon(main, seen, acts));
}

document.documentElement.lang = language();
document.title = t("options_title");
onStoredChange("preferences", () => void show());
onStoredChange("daemon", () => void hear());
void show();
void hear();
