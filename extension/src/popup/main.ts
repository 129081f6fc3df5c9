import { browser } from "wxt/browser";
import { askBackground, askPage } from "../protocol/client";
import type { Decision, Note } from "../protocol/reading";
import type { PageState } from "../protocol/state";
import { askForAccess, mayReach, PAGE_ORIGINS } from "../shared/access";
import { pauseOver, readPreferences, setPaused } from "../shared/preferences";
import { language, t } from "../shared/words";
import { type PopupActs, render } from "./render";
import { type Action, isStale, viewOf } from "./view";

/** The popup: asks the page for its state and the background for the daemon's, and shows both. */

const LOOK_AGAIN_MS = 500;

interface Tab {
  id: number | null;
  site: string | null;
}

async function activeTab(): Promise<number | null> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return tab?.id ?? null;
}

/** Asking a page again gives up the reading that is under way, so it is done once. */
let asked = false;
let timer: ReturnType<typeof setTimeout> | undefined;
/** What stands in the popup while a state passes: written again, it would be read out again. */
let passing = "";

async function show(tabId: number | null): Promise<void> {
  clearTimeout(timer);
  const ask = tabId === null ? null : askPage(tabId, { kind: "ask-state" });
  const [account, daemon, mayRead] = await Promise.all([
    ask,
    askBackground({ kind: "daemon" }),
    mayReach(PAGE_ORIGINS),
  ]);
  if (tabId !== null && !asked && isStale(account?.state, daemon)) {
    asked = true;
    void askPage(tabId, { kind: "check-again" });
  }
  const view = viewOf(account, daemon, mayRead);
  const site = account?.site ?? null;
  const shown = view.passing ? JSON.stringify([view, site]) : "";
  if (!shown || shown !== passing) render(mainElement(), view, actsFor({ id: tabId, site }, account?.state));
  passing = shown;
  clearTimeout(timer);
  if (view.passing) timer = setTimeout(() => void show(tabId), LOOK_AGAIN_MS);
}

function mainElement(): HTMLElement {
  const main = document.getElementById("main");
  if (!main) throw new Error("The popup's page has no element with the id 'main'.");
  return main;
}

function actsFor(tab: Tab, page: PageState | undefined): PopupActs {
  const reading = page?.kind === "verdict" ? page.reading : null;
  return {
    run: (action) => void run(action, tab),
    openOptions: () => void leaveFor(browser.runtime.openOptionsPage()),
    showNote: (note) => {
      const index = reading?.notes.indexOf(note) ?? -1;
      if (tab.id !== null) void leaveFor(askPage(tab.id, { kind: "show-note", index }));
    },
    decide: (note, decision) => void decide(tab, reading?.page_id ?? null, note, decision),
  };
}

async function run(action: Action, tab: Tab): Promise<void> {
  switch (action) {
    case "pair":
      return leaveFor(askBackground({ kind: "open-pairing" }));
    case "open-history":
      return openHistory();
    case "pause":
    case "resume":
      return pause(tab, action === "pause");
    case "allow":
      return (await askForAccess()) ? checkAgain(tab) : say(t("popup_allow_in_settings"));
    case "check-again":
      return checkAgain(tab);
  }
}

async function checkAgain({ id }: Tab): Promise<void> {
  if (id !== null) await askPage(id, { kind: "check-again" });
  await show(id);
}

async function decide({ id }: Tab, page_id: number | null, note: Note, decision: Decision): Promise<void> {
  if (id === null || page_id === null) return;
  const { where, quote } = note;
  const feedback = { page_id, note: { where, quote }, decision };
  const decided = await askBackground({ kind: "feedback", feedback }).catch(() => null);
  if (!decided?.ok) return say(decided?.sentence ?? t("state_error"));
  await askPage(id, { kind: "decided", stand: decided.stand, pageId: page_id });
  const at = [...document.querySelectorAll(".note")].findIndex((item) => item.contains(document.activeElement));
  await show(id);
  document.querySelectorAll(".note")[at]?.querySelector("button")?.focus();
}

/** Resuming takes away the name that holds the pause, which may be one above this site's. */
async function pause({ id, site }: Tab, paused: boolean): Promise<void> {
  const name = paused ? site : pauseOver(site, await readPreferences());
  if (name) await setPaused(name, paused);
  if (id !== null) await askPage(id, { kind: "rules-changed" });
  await show(id);
}

async function openHistory(): Promise<void> {
  const outcome = await askBackground({ kind: "open-history" });
  if (outcome.ok) return window.close();
  say(outcome.sentence);
}

function say(sentence: string): void {
  const message = document.getElementById("message");
  if (message) message.textContent = sentence;
}

async function leaveFor(opening: Promise<unknown>): Promise<void> {
  await opening;
  window.close();
}

document.documentElement.lang = language();
void activeTab().then(show);
