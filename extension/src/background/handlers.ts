import { browser } from "wxt/browser";
import type { Handlers, MessageSender } from "../protocol/client";
import type { BackgroundMessage } from "../protocol/messages";
import type { SentPage } from "../protocol/reading";
import type { DaemonState, Outcome, PageState } from "../protocol/state";
import { t } from "../shared/words";
import { daemonState, historyAddress, judge, pair } from "./daemon";
import { readSettings } from "./settings";
import { showFace } from "./toolbar";

/**
 * One handler per message. Content scripts share a process with web pages, so a message from a tab is believed only
 * for what that tab's own page may say: its own address, and nothing about pairing.
 */
export const handlers: Handlers<BackgroundMessage> = {
  page: async ({ page }, sender) => onPage(page, sender),
  announce: async ({ state }, sender) => {
    await showIn(sender, state);
    return null;
  },
  "open-history": async ({ to }) => openHistory(to),
  "open-pairing": async () => {
    await browser.tabs.create({ url: browser.runtime.getURL("/pairing.html") });
    return null;
  },
  daemon: async (_message, sender) => (isOwnPage(sender) ? daemonState() : refusedDaemon()),
  pair: async ({ code, port }, sender) => (isOwnPage(sender) ? pair(code, port) : refusedPair()),
};

async function onPage(page: SentPage, sender: MessageSender): Promise<PageState> {
  const state = await stateOf(page, sender);
  await showIn(sender, state);
  return state;
}

async function stateOf(page: SentPage, sender: MessageSender): Promise<PageState> {
  if (!isTopFrameOf(page.url, sender)) return { kind: "error", sentence: t("error_other_address") };
  if (await isDaemonsOwn(page.url)) return { kind: "not-article" };
  return judge(page);
}

/** The history pages quote notes: reading them would have the daemon judge itself. */
async function isDaemonsOwn(url: string): Promise<boolean> {
  const { port } = await readSettings();
  const { hostname, port: pagePort } = new URL(url);
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname) && pagePort === String(port);
}

function isTopFrameOf(url: string, sender: MessageSender): boolean {
  return sender.frameId === 0 && !!sender.tab && originOf(url) === originOf(sender.url);
}

function originOf(url: string | undefined): string | null {
  return url && URL.canParse(url) ? new URL(url).origin : null;
}

function isOwnPage(sender: MessageSender): boolean {
  return sender.url?.startsWith(browser.runtime.getURL("/")) ?? false;
}

async function showIn(sender: MessageSender, state: PageState): Promise<void> {
  if (sender.tab?.id !== undefined && sender.frameId === 0) await showFace(sender.tab.id, state);
}

async function openHistory(to?: string): Promise<Outcome> {
  const found = await historyAddress(to);
  if ("sentence" in found) return { ok: false, sentence: found.sentence };
  await browser.tabs.create({ url: found.url });
  return { ok: true };
}

function refusedDaemon(): DaemonState {
  return { kind: "error", sentence: t("error_own_pages_only") };
}

function refusedPair(): Outcome {
  return { ok: false, sentence: t("error_own_pages_only") };
}
