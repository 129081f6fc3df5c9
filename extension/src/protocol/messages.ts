import type { SentPage } from "./reading";
import type { DaemonState, Outcome, PageState } from "./state";

/** Every message between the parts of the extension, told apart by `kind`. `Answers` says what comes back for each. */
export type Message = BackgroundMessage | PageMessage;

/** Asked of the background. */
export type BackgroundMessage =
  /** The content script has read an article: what does it carry? */
  | { kind: "page"; page: SentPage }
  /** The content script's state changed without a question: the toolbar icon follows. */
  | { kind: "announce"; state: PageState }
  /** A person asked for the history pages; `to` is a path on the daemon. */
  | { kind: "open-history"; to?: string }
  /** The popup's way to the pairing page. */
  | { kind: "open-pairing" }
  /** Extension pages only: is the daemon there, and which? */
  | { kind: "daemon" }
  /** Extension pages only: exchange a code for a token. `port` is set when the daemon is not at its usual port. */
  | { kind: "pair"; code: string; port?: number };

/** Asked of a page's content script by the popup. */
export type PageMessage =
  | { kind: "ask-state" }
  /** Read the page again and ask the daemon anew. */
  | { kind: "check-again" }
  /** Scroll to a note and mark it. */
  | { kind: "show-note"; index: number };

export interface Answers {
  page: PageState;
  announce: null;
  "open-history": Outcome;
  "open-pairing": null;
  daemon: DaemonState;
  pair: Outcome;
  "ask-state": PageState;
  "check-again": PageState;
  "show-note": null;
}

export type Answer<M extends Message> = Answers[M["kind"]];
