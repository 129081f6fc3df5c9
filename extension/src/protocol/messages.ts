import type { Finding, Written } from "./article";
import type { Feedback, SentPage, Stand } from "./reading";
import type { DaemonState, Decided, Outcome, PageState, Rules, TabAccount } from "./state";

/** Every message between the parts of the extension, told apart by `kind`. `Answers` says what comes back for each. */
export type Message = BackgroundMessage | PageMessage;

/** Asked of the background. */
export type BackgroundMessage =
  /** The content script begins, or the person's choices changed: what holds on this page? */
  | { kind: "rules" }
  /** The content script has written a page down: is there an article in it? Answered without the daemon. */
  | { kind: "find-article"; written: Written }
  /** The content script has read an article: what does it carry? Nobody looks at the page while it is `hidden`. */
  | { kind: "page"; page: SentPage; hidden: boolean }
  /** A person asked about a passage: judged like a page, never recorded. */
  | { kind: "passage"; page: SentPage }
  /** A person said of a note that it is right, or none, or takes that back. */
  | { kind: "feedback"; feedback: Feedback }
  /** The content script's state changed: the toolbar icon follows. */
  | { kind: "announce"; state: PageState }
  /** A person asked for the history pages; `to` is a path on the daemon. */
  | { kind: "open-history"; to?: string }
  /** The way to the pairing page from the extension's other pages. */
  | { kind: "open-pairing" }
  /** A person pressed the button of the daemon's pairing page. */
  | { kind: "pair-here"; code: string }
  /** A person wants to see the daemon's sample article. */
  | { kind: "open-sample" }
  /** Extension pages only: is the daemon there, and which? */
  | { kind: "daemon" }
  /** Extension pages only: exchange a code for a token. `port` is set when the daemon is not at its usual port. */
  | { kind: "pair"; code: string; port?: number }
  /** Extension pages only: forget the token. */
  | { kind: "unpair" };

/** Asked of a page's content script by the popup or the background. */
export type PageMessage =
  | { kind: "ask-state" }
  /** Read the page again and ask the daemon anew. */
  | { kind: "check-again" }
  /** Scroll to a note and mark it; answers whether it has a place on the page. */
  | { kind: "show-note"; index: number }
  /** The next note in turn, as the keyboard command asks. */
  | { kind: "next-note" }
  /** Open the popover, or close it. */
  | { kind: "toggle-popover" }
  /** Judge what is selected; `text` is the browser's own account of a selection that the script may not see. */
  | { kind: "check-selection"; text?: string }
  /** A decision was made in the popup. */
  | { kind: "decided"; stand: Stand; pageId: number }
  /** The person's choices changed. */
  | { kind: "rules-changed" };

export interface Answers {
  rules: Rules;
  "find-article": Finding;
  page: PageState;
  passage: PageState;
  feedback: Decided;
  announce: null;
  "open-history": Outcome;
  "open-pairing": null;
  "pair-here": Outcome;
  "open-sample": null;
  daemon: DaemonState;
  pair: Outcome;
  unpair: null;
  "ask-state": TabAccount;
  "check-again": PageState;
  "show-note": boolean;
  "next-note": null;
  "toggle-popover": null;
  "check-selection": null;
  decided: null;
  "rules-changed": null;
}

export type Answer<M extends Message> = Answers[M["kind"]];
