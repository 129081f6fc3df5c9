import type { Reading } from "./reading";

/**
 * What is known of one page. The page's content script holds it (the background holds nothing that could go stale),
 * the toolbar icon and the popup show it.
 */
export type PageState =
  | { kind: "reading" }
  | { kind: "not-article" }
  | { kind: "verdict"; reading: Reading }
  | { kind: "off" }
  | { kind: "unpaired" }
  | { kind: "loading"; retryAfterMs: number }
  | { kind: "busy"; retryAfterMs: number }
  /** `sentence` is plain words: the daemon's own `detail` where it gave one. */
  | { kind: "error"; sentence: string };

/** What the popup and the pairing page can say of the daemon. */
export type DaemonState =
  | { kind: "ready"; version: string; model: string | null }
  | { kind: "loading"; version: string }
  | { kind: "unpaired" }
  | { kind: "off" }
  | { kind: "error"; sentence: string };

/** How an attempt to do something went; `sentence` is for a person to read. */
export type Outcome = { ok: true } | { ok: false; sentence: string };
