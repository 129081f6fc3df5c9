import { browser } from "wxt/browser";
import type { Answer, BackgroundMessage, PageMessage } from "./messages";

/** The only callers of the browser's messaging: everything else speaks in typed messages. */

export async function askBackground<M extends BackgroundMessage>(message: M): Promise<Answer<M>> {
  return browser.runtime.sendMessage(message);
}

/** Null when no content script answers: a browser page, a store page, a PDF, or a page older than the extension. */
export async function askPage<M extends PageMessage>(tabId: number, message: M): Promise<Answer<M> | null> {
  try {
    return await browser.tabs.sendMessage(tabId, message, { frameId: 0 });
  } catch {
    return null;
  }
}

type Sender = Parameters<Parameters<typeof browser.runtime.onMessage.addListener>[0]>[1];
export type MessageSender = Sender;

/**
 * Listens for messages with a table of one handler per `kind`. The callback form with `return true` is the one way
 * to answer later that both Chrome and Firefox know.
 */
export function listen<M extends BackgroundMessage | PageMessage>(handlers: Handlers<M>): () => void {
  const listener = (message: M, sender: Sender, reply: (answer: unknown) => void) => {
    // The table's type ties each kind to its handler; the compiler cannot follow that through an index.
    const handle = handlers[message.kind as M["kind"]] as unknown as Handler<M> | undefined;
    if (!handle || sender.id !== browser.runtime.id) return undefined;
    Promise.resolve(handle(message, sender)).then(reply, () => reply(null));
    return true;
  };
  browser.runtime.onMessage.addListener(listener as never);
  return () => browser.runtime.onMessage.removeListener(listener as never);
}

type Handler<M extends BackgroundMessage | PageMessage> = (
  message: M,
  sender: Sender,
) => Answer<M> | Promise<Answer<M>>;

export type Handlers<M extends BackgroundMessage | PageMessage> = {
  [K in M["kind"]]: Handler<Extract<M, { kind: K }>>;
};
