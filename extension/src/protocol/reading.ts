import type { Family } from "./families";

/** What the daemon is sent and what it answers: `docs/protocol.md` as types. Offsets count Unicode code points. */

export type Role = "heading" | "paragraph" | "list_item" | "caption" | "quote" | "other";

export interface SentBlock {
  text: string;
  role: Role;
}

/** The body of POST /v1/pages. */
export interface SentPage {
  url: string;
  title: string;
  byline?: string;
  published?: string;
  lang?: string;
  blocks: SentBlock[];
}

export type Verdict = "disclosed" | "undisclosed" | "none";

export interface Note {
  where: "title" | "byline" | "block";
  /** Index into the page's blocks; null unless `where` is "block". */
  block: number | null;
  start: number;
  end: number;
  quote: string;
  kind: "leak" | "disclosure";
  family: Family;
  confidence: number;
  /** What a person said of these words on this page. */
  decision: "confirmed" | "dismissed" | null;
}

export type Decision = "confirm" | "dismiss" | "undo";

/** The body of POST /v1/feedback. */
export interface Feedback {
  page_id: number;
  note: Pick<Note, "where" | "quote">;
  decision: Decision;
}

/** What a page carries after a decision. */
export type Stand = Pick<Reading, "verdict" | "notes" | "dismissed" | "outlet">;

export interface Outlet {
  domain: string;
  pages: number;
  undisclosed: number;
  disclosed: number;
}

/** What reading one page gave. */
export interface Reading {
  verdict: Verdict;
  notes: Note[];
  /** Notes of which a person said that they are none. */
  dismissed: Note[];
  outlet: Outlet | null;
  first_seen: string | null;
  /** The page's number in the history; null when it was not recorded. */
  page_id: number | null;
}

/** The daemon's own account of itself, GET /v1/status. */
export interface DaemonStatus {
  version: string;
  protocol: number;
  state: "ready" | "loading";
  model: string | null;
}
