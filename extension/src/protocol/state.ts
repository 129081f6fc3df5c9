import type { Reading, Stand } from "./reading";

/** What may be amiss with the daemon. Each is an ordinary state with its own sentence and its own way out. */
export type Lack =
  /** Nothing listens there. */
  | { kind: "off" }
  | { kind: "unpaired" }
  /** The browser itself does not let the extension reach this computer: a permission was taken back. */
  | { kind: "barred" }
  /** The daemon speaks another version of the protocol. */
  | { kind: "other-version" }
  /** `sentence` is plain words: the daemon's own `detail` where it gave one. */
  | { kind: "error"; sentence: string };

/**
 * What is known of one page. The page's content script holds it (the background holds nothing that could go stale),
 * the toolbar icon and the popup show it.
 */
export type PageState =
  | { kind: "reading" }
  | { kind: "not-article" }
  | { kind: "paused" }
  | { kind: "pdf" }
  | { kind: "verdict"; reading: Reading }
  | { kind: "loading"; retryAfterMs: number }
  | { kind: "busy"; retryAfterMs: number }
  | Lack;

/** What the popup, the pairing page and the options page can say of the daemon. */
export type DaemonState =
  | { kind: "ready"; version: string; model: string | null }
  | { kind: "loading"; version: string }
  | Lack;

/** The daemon as one of these pages knows it; none waits for its answer with nothing to show. */
export type DaemonSeen = DaemonState | { kind: "asking" };

/** What holds on one page by the person's choices. */
export interface Rules {
  paused: boolean;
  /** Mark notes that an AI tool left in. */
  leaks: boolean;
  /** Mark what the page itself says about AI. */
  disclosures: boolean;
  /** Show a badge even where nothing was found. */
  silence: boolean;
  /** The daemon keeps what it reads. */
  record: boolean;
}

/** A tab's page as the popup is told of it. `site` is what a pause would name. */
export interface TabAccount {
  state: PageState;
  site: string | null;
}

/** How an attempt to do something went; `sentence` is for a person to read. */
export type Outcome = { ok: true } | { ok: false; sentence: string };

/** The page as it stands after a decision, or why the decision was not kept. */
export type Decided = { ok: true; stand: Stand } | { ok: false; sentence: string };
