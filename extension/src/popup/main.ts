import { browser } from "wxt/browser";
import { askBackground, askPage } from "../protocol/client";
import type { Decision, Note } from "../protocol/reading";
import type { DaemonSeen, PageState, TabAccount } from "../protocol/state";
import { askForAccess, mayReach, PAGE_ORIGINS } from "../shared/access";
import { decide } from "../shared/decide";
import { pauseOver, readPreferences, setPaused } from "../shared/preferences";
import { language, t } from "../shared/words";
import { type PopupActs, render } from "./render";
import { type Action, isStale, type View, viewOf } from "./view";

/** The popup: asks the page for its state and the background for the daemon's, and shows both. */

const LOOK_AGAIN_MS = 500;
/** A daemon that is well answers sooner: that it was asked need not be shown, and read out, before each answer. */
const PROMPT_MS = 100;

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
/** As it was last heard. */
let daemon: DaemonSeen = { kind: "asking" };
/** What stands in the popup: written again, it would be read out again. */
let standing = "";

async function show(tabId: number | null): Promise<void> {
  clearTimeout(timer);
  const answer = askBackground({ kind: "daemon" });
  if (await isLate(answer)) draw(tabId, await accountOf(tabId), await mayReach(PAGE_ORIGINS));
  daemon = await answer;
  const account = await accountOf(tabId);
  if (tabId !== null && !asked && isStale(account?.state, daemon)) {
    asked = true;
    void askPage(tabId, { kind: "check-again" });
  }
  const { passing } = draw(tabId, account, await mayReach(PAGE_ORIGINS));
  clearTimeout(timer);
  if (passing) timer = setTimeout(() => void show(tabId), LOOK_AGAIN_MS);
}

function isLate(answer: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PROMPT_MS, true));
  return Promise.race([answer.then(() => false), late]);
}

async function accountOf(tabId: number | null): Promise<TabAccount | null> {
  return tabId === null ? null : askPage(tabId, { kind: "ask-state" });
}

function draw(tabId: number | null, account: TabAccount | null, mayRead: boolean): View {
  const view = viewOf(account, daemon, mayRead);
  const site = account?.site ?? null;
  const shown = JSON.stringify([view, site]);
  if (shown !== standing) render(mainElement(), view, actsFor({ id: tabId, site }, account?.state));
  standing = shown;
  return view;
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
    showNote: (note) => void showNote(tab, reading?.notes.indexOf(note) ?? -1),
    decide: (note, decision) => void onDecision(tab, reading?.page_id ?? null, note, decision),
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

/** A daemon that hangs keeps the page waiting for longer than the popup. */
async function checkAgain({ id }: Tab): Promise<void> {
  asked = true;
  daemon = { kind: "asking" };
  const again = id === null ? null : askPage(id, { kind: "check-again" });
  await show(id);
  await again;
  await show(id);
}

async function showNote({ id }: Tab, index: number): Promise<void> {
  const shown = id !== null && (await askPage(id, { kind: "show-note", index }));
  if (shown) return window.close();
  say(t("note_not_placed"));
}

async function onDecision({ id }: Tab, page_id: number | null, note: Note, decision: Decision): Promise<void> {
  if (id === null || page_id === null) return;
  const decided = await decide(page_id, note, decision);
  if (!decided.ok) return say(decided.sentence);
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
