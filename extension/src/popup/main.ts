import { browser } from "wxt/browser";
import { askBackground, askPage } from "../protocol/client";
import { language } from "../shared/words";
import { type PopupActs, render } from "./render";
import { type Action, isStale, viewOf } from "./view";

/** The popup: asks the page for its state and the background for the daemon's, and shows both. */

const LOOK_AGAIN_MS = 500;

async function activeTab(): Promise<number | null> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return tab?.id ?? null;
}

async function show(tabId: number | null): Promise<void> {
  const ask = tabId === null ? null : askPage(tabId, { kind: "ask-state" });
  const [page, daemon] = await Promise.all([ask, askBackground({ kind: "daemon" })]);
  if (tabId !== null && isStale(page, daemon)) void askPage(tabId, { kind: "check-again" });
  const view = viewOf(page, daemon);
  render(mainElement(), view, actsFor(tabId));
  if (view.passing) setTimeout(() => void show(tabId), LOOK_AGAIN_MS);
}

function mainElement(): HTMLElement {
  const main = document.getElementById("main");
  if (!main) throw new Error("The popup's page has no element with the id 'main'.");
  return main;
}

function actsFor(tabId: number | null): PopupActs {
  return {
    run: (action) => void run(action, tabId),
    showNote: (index) => {
      if (tabId !== null) void askPage(tabId, { kind: "show-note", index }).then(() => window.close());
    },
  };
}

async function run(action: Action, tabId: number | null): Promise<void> {
  if (action === "pair") return leaveFor(askBackground({ kind: "open-pairing" }));
  if (action === "open-history") return openHistory();
  if (tabId !== null) await askPage(tabId, { kind: "check-again" });
  await show(tabId);
}

async function openHistory(): Promise<void> {
  const outcome = await askBackground({ kind: "open-history" });
  if (outcome.ok) return window.close();
  const message = document.getElementById("message");
  if (message) message.textContent = outcome.sentence;
}

async function leaveFor(opening: Promise<unknown>): Promise<void> {
  await opening;
  window.close();
}

document.documentElement.lang = language();
void activeTab().then(show);
