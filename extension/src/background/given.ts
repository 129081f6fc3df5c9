import { browser } from "wxt/browser";
import type { MessageSender } from "../protocol/client";

/** Which page of the history each tab was given last. Kept for the browser's session: the background comes and goes. */

/** The last question of each tab. A question keeps the background awake, so memory is enough. */
const latest = new Map<number, AbortController>();

/** Aborted once the tab asks anew or is closed: nobody waits for the answer, and it must not take a newer one's place. */
export function beginAsking({ tab }: MessageSender): AbortSignal {
  const id = tab?.id ?? -1;
  const question = new AbortController();
  latest.get(id)?.abort();
  latest.set(id, question);
  return question.signal;
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
    latest.get(tabId)?.abort();
    latest.delete(tabId);
    void browser.storage.session.remove(keyOf(tabId));
  });
}

function keyOf(tabId: number): string {
  return `page of tab ${tabId}`;
}
