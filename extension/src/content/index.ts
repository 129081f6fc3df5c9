import { defineContentScript } from "wxt/utils/define-content-script";
import "./highlight.css";
import { askBackground, listen } from "../protocol/client";
import type { PageMessage } from "../protocol/messages";
import type { PageState, Rules } from "../protocol/state";
import { PAGE_ORIGINS } from "../shared/access";
import { siteOf } from "../shared/preferences";
import { whenIdle } from "./idle";
import { isPairingPage, offerPairing } from "./pairing";
import { Session } from "./session";
import { Watcher } from "./watcher";

/** The first reading waits for an idle moment, but not long: the reader is about to begin. */
const FIRST_READING_MS = 50;
const LATER_READING_MS = 1000;
/** A tab looked at again asks an absent daemon again, but switching to and fro does not ask each time. */
const SHORTEST_RETRY_MS = 5000;

export default defineContentScript({
  matches: PAGE_ORIGINS,
  runAt: "document_end",
  async main(ctx) {
    if (document.contentType === "application/pdf") return answerPdf();
    if (!/^(text\/html|application\/xhtml\+xml)$/.test(document.contentType)) return;
    await whenShown();
    if (isPairingPage(location)) return offerPairing(document);
    const session = new Session((hidden) => watcher.watchHidden(hidden));
    const watcher = watch(session);
    const unlisten = answer(session);
    returnTo(session);
    ctx.onInvalidated(() => {
      watcher.stop();
      unlisten();
      session.stop();
    });
    session.rules = await askRules();
    if (!session.rules || ctx.isInvalid) return;
    whenIdle(() => void session.read(), FIRST_READING_MS);
    watcher.start();
  },
});

/** A page loaded ahead of a click is not read, and not counted, before it is really opened. */
function whenShown(): Promise<void> {
  if (!(document as { prerendering?: boolean }).prerendering) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("prerenderingchange", () => resolve(), { once: true }));
}

/** Null when the extension itself is gone: its successor will read the page. */
function askRules(): Promise<Rules | null> {
  return askBackground({ kind: "rules" }).catch(() => null);
}

function watch(session: Session): Watcher {
  const watcher = new Watcher({
    moved: () => session.reset(),
    changed: () => whenIdle(() => void look(), LATER_READING_MS),
    revealed: () => whenIdle(() => session.revealed(), LATER_READING_MS),
  });
  const look = async () => watcher.watchAlso(await session.changed());
  return watcher;
}

/** The browser's own viewer shows PDF files in a page that holds no text. */
function answerPdf(): void {
  const state: PageState = { kind: "pdf" };
  listen<PageMessage>({
    ...silent,
    "ask-state": () => ({ state, site: siteOf(location.href) }),
    "check-again": () => state,
  });
}

const nothing = () => null;
const silent = {
  "show-note": () => false,
  "next-note": nothing,
  "toggle-popover": nothing,
  "check-selection": nothing,
  decided: nothing,
  "rules-changed": nothing,
};

function answer(session: Session): () => void {
  return listen<PageMessage>({
    "ask-state": () => ({ state: session.state, site: siteOf(location.href) }),
    "check-again": async () => {
      await session.read(true);
      return session.state;
    },
    "show-note": ({ index }) => session.showNoteOfPage(index),
    "next-note": () => {
      session.nextNote();
      return null;
    },
    "toggle-popover": () => {
      session.togglePopover();
      return null;
    },
    "check-selection": async ({ text }) => {
      await session.checkPassage(text);
      return null;
    },
    decided: ({ stand, pageId }) => {
      session.accept(stand, pageId);
      return null;
    },
    "rules-changed": async () => {
      await followRules(session);
      return null;
    },
  });
}

/** Nobody waits for more than that the rules hold: the daemon may take its time to read the page. */
async function followRules(session: Session): Promise<void> {
  const rules = await askRules();
  if (rules) void session.follow(rules);
}

function returnTo(session: Session): void {
  let askedAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    askedAt = performance.now();
    void session.retry();
  };
  addEventListener("pageshow", ({ persisted }) => persisted && void comeBack(session));
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) return;
    void session.comeToFront();
    timer = setTimeout(ask, Math.max(0, askedAt + SHORTEST_RETRY_MS - performance.now()));
  });
}

/**
 * The browser brought the page back as it was left. Meanwhile the toolbar and the background knew another page, and
 * what the person chose did not reach this one. The background must have given this tab its page once more before it
 * believes what is said of it, so the daemon is asked anew.
 */
async function comeBack(session: Session): Promise<void> {
  session.announce();
  const rules = await askRules();
  if (!rules) return;
  session.rules = rules;
  await session.read(true);
}
