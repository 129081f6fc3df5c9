import { browser } from "wxt/browser";
import type { Handlers, MessageSender } from "../protocol/client";
import type { BackgroundMessage } from "../protocol/messages";
import type { Feedback, SentPage } from "../protocol/reading";
import type { DaemonState, Decided, Outcome, PageState, Rules } from "../protocol/state";
import { pauseOver, readPreferences, siteOf } from "../shared/preferences";
import { t } from "../shared/words";
import { findArticle } from "./article";
import { daemonState, decide, type How, historyAddress, judge, pair, unpair } from "./daemon";
import { beginAsking, pageGivenTo, rememberGiven } from "./given";
import { readPairing } from "./pairing";
import { showFace } from "./toolbar";
import { baseOf } from "./wire";

/**
 * One handler per message. Content scripts share a process with web pages, so a message from a tab is believed only
 * for what that tab's own page may say: its own address, and nothing about pairing.
 */
export const handlers: Handlers<BackgroundMessage> = {
  rules: async (_message, sender) => rulesFor(sender),
  "find-article": ({ written }) => findArticle(written),
  page: async ({ page, hidden }, sender) => onPage(page, hidden, sender),
  passage: async ({ page }, sender) => ofPassage(page, sender),
  feedback: async ({ feedback }, sender) => onFeedback(feedback, sender),
  announce: async ({ state }, sender) => {
    await showIn(sender, state);
    return null;
  },
  "open-history": async ({ to }) => openHistory(to),
  "open-pairing": async () => {
    await browser.tabs.create({ url: browser.runtime.getURL("/pairing.html#again") });
    return null;
  },
  "pair-here": async ({ code }, sender) => pairHere(code, sender),
  "open-sample": async () => {
    await browser.tabs.create({ url: `${baseOf((await readPairing()).port)}${SAMPLE}` });
    return null;
  },
  daemon: async (_message, sender) => (isOwnPage(sender) ? daemonState() : refusedDaemon()),
  pair: async ({ code, port }, sender) => (isOwnPage(sender) ? pair(code, port) : refusedPair()),
  unpair: async (_message, sender) => {
    if (isOwnPage(sender)) await unpair();
    return null;
  },
};

/** The tab's own address decides, not what the page says of itself. */
async function rulesFor(sender: MessageSender): Promise<Rules> {
  const preferences = await readPreferences();
  return { ...preferences, paused: pauseOver(siteOf(sender.url), preferences) !== null };
}

/** The icon follows when the page announces what it made of the answer: it may be gone by then. */
async function onPage(page: SentPage, hidden: boolean, sender: MessageSender): Promise<PageState> {
  if (!isTopFrameOf(page.url, sender)) return { kind: "error", sentence: t("error_other_address") };
  const signal = beginAsking(sender);
  const state = await ofPage(page, sender, { hidden, signal });
  if (state.kind === "verdict" && !signal.aborted) await rememberGiven(sender, state.reading.page_id);
  return state;
}

async function ofPage(page: SentPage, sender: MessageSender, how: How): Promise<PageState> {
  const own = await isDaemonsOwn(page.url);
  if (own && pathOf(page.url) !== SAMPLE) return { kind: "not-article" };
  const { paused, record } = await rulesFor(sender);
  return paused ? { kind: "paused" } : judge(page, record && !own, how);
}

/** What a person selects is judged wherever it stands, and counts for nothing: it is no page that they read. */
async function ofPassage(page: SentPage, sender: MessageSender): Promise<PageState> {
  if (!isTopFrameOf(page.url, sender)) return { kind: "error", sentence: t("error_other_address") };
  return judge(page, false);
}

/** A tab may speak of the page that it was given a verdict on, and of no other in the history. */
async function onFeedback(feedback: Feedback, sender: MessageSender): Promise<Decided> {
  if (!isOwnPage(sender) && (await pageGivenTo(sender)) !== feedback.page_id)
    return { ok: false, sentence: t("error_other_address") };
  return decide(feedback);
}

/** The daemon's article that shows what a note is: judged like any other, and never recorded. */
const SAMPLE = "/sample";

/**
 * Pairs from the daemon's own page. Only at the port that the extension knows, or any local server could have itself
 * paired; and only while no pairing holds, or a page could put another daemon in its place.
 */
async function pairHere(code: string, sender: MessageSender): Promise<Outcome> {
  const url = sender.url ?? "";
  const isPage = sender.frameId === 0 && (await isDaemonsOwn(url)) && pathOf(url) === "/pair";
  if (!isPage) return { ok: false, sentence: t("pairing_elsewhere") };
  const { kind } = await daemonState();
  if (kind === "ready" || kind === "loading") return { ok: false, sentence: t("pairing_already") };
  const outcome = await pair(code);
  if (outcome.ok && sender.tab?.id !== undefined)
    await browser.tabs.update(sender.tab.id, { url: browser.runtime.getURL("/pairing.html") });
  return outcome;
}

function pathOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).pathname : null;
}

/** The history pages quote notes: reading them would have the daemon judge itself. */
async function isDaemonsOwn(url: string): Promise<boolean> {
  const { port } = await readPairing();
  if (!URL.canParse(url)) return false;
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
