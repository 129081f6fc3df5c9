import { browser } from "wxt/browser";
import type { MessageSender } from "../protocol/client";

/** Which page of the history each tab was given last. Kept for the browser's session: the background comes and goes. */

/** The last question of each tab. A question keeps the background awake, so memory is enough. */
const latest = new Map<number, object>();

/** Tells later whether the tab has asked nothing since: a late answer must not take the place of a newer page's. */
export function beginAsking({ tab }: MessageSender): () => boolean {
  const id = tab?.id ?? -1;
  const question = {};
  latest.set(id, question);
  return () => latest.get(id) === question;
}

export async function rememberGiven({ tab }: MessageSender, pageId: number | null): Promise<void> {
  if (tab?.id !== undefined) await browser.storage.session.set({ [keyOf(tab.id)]: pageId });
}

export async function pageGivenTo({ tab }: MessageSender): Promise<number | null> {
  if (tab?.id === undefined) return null;
  const key = keyOf(tab.id);
  return ((await browser.storage.session.get(key))[key] as number | null | undefined) ?? null;
}

export function forgetClosedTabs(): void {
  browser.tabs.onRemoved.addListener((tabId) => {
    latest.delete(tabId);
    void browser.storage.session.remove(keyOf(tabId));
  });
}

function keyOf(tabId: number): string {
  return `page of tab ${tabId}`;
}
