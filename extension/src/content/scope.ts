import type { Article } from "./article";
import { closest, holds, parentOf, withAncestors } from "./composed";
import { pastFields } from "./fields";

/** Where on the page to look for an article's text: what Readability kept, and its neighbourhood. */

/** The elements that an article's text was found in, and the part of the page around them that is read. */
export interface Scope {
  readonly root: Element;
  /** Elements that hold text which Readability kept. */
  readonly kept: ReadonlySet<Element>;
  /** The kept elements and all that they stand in: never left out, whatever they are called. */
  readonly holdsKept: ReadonlySet<Element>;
  readonly heading: Element | null;
  /** Left out: other pages' stories. */
  readonly others: ReadonlySet<Element>;
}

const WHOLE = "article, main, [role=main]";

/**
 * The scope reaches one step beyond the article: a forgotten note stands as often right before or behind what a
 * reader view keeps (under the byline, after the last paragraph, in a box of its own) as inside it.
 */
export function scopeAround({ kept, title, others }: Found): Scope | null {
  const container = commonAncestor([...kept]);
  if (!container) return null;
  const heading = findHeading(pastFields(container), title, others);
  const article = heading ? (commonAncestor([container, heading]) ?? container) : container;
  const whole = closest(article, WHOLE) ?? article;
  return { root: stepOut(whole), kept, holdsKept: withAncestors(kept), heading, others };
}

type Found = Pick<Article, "kept" | "title" | "others">;

function stepOut(element: Element): Element {
  const { body } = pastFields(element).ownerDocument;
  const outer = parentOf(element);
  return element === body || !outer || !holds(body, outer) ? element : outer;
}

/** The heading that reads like the title, the nearest to the article first. */
function findHeading(container: Element, title: string, others: ReadonlySet<Element>): Element | null {
  const inside = [...container.querySelectorAll("h1")];
  const outside = [...container.ownerDocument.querySelectorAll("h1"), ...rootsHeadings(container)];
  const all = [...inside, ...outside.filter((heading) => ![...others].some((other) => other.contains(heading)))];
  const wanted = plain(title);
  return all.find((heading) => readsLike(plain(heading.textContent ?? ""), wanted)) ?? null;
}

/** The headings beside the article, where both stand in a shadow root. */
function rootsHeadings(container: Element): Element[] {
  const root = container.getRootNode();
  return root instanceof ShadowRoot ? [...root.querySelectorAll("h1")] : [];
}

/** The document's title often carries the site's name after the headline, or is a shorter form of it. */
function readsLike(heading: string, title: string): boolean {
  if (heading.length < 8 || title.length < 8) return heading === title && heading !== "";
  return heading === title || title.includes(heading) || heading.includes(title);
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}

function commonAncestor(elements: Element[]): Element | null {
  const [first, ...others] = elements;
  let common: Element | null = first ?? null;
  for (const other of others) while (common && !holds(common, other)) common = parentOf(common);
  return common;
}
