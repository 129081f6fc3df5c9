/** What Readability finds in a page that a content script wrote down; see `content/markup.ts`. */

/**
 * The attribute that carries an element's place in the content script's list. Short, as it is read and written often;
 * it meets no other, since of a page's own attributes only a few named ones are written.
 */
export const MARK = "n";

/** The element that stands for what was left out of a part of the page which Readability strips. */
export const CUT = "cut";

export interface Written {
  markup: string;
  /** Parts are left out of the markup. */
  cut: boolean;
  /** Characters of text that make an article. */
  shortest: number;
}

export interface Found {
  title: string;
  byline: string | null;
  published: string | null;
  lang: string | null;
  /** Places of the elements with text of their own that belong to the article. */
  kept: number[];
}

/** Null for what is no article; of markup with parts left out it may be that only the whole page can tell. */
export type Finding = Found | null | "needs-whole";
