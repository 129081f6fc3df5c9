/** Where on the page to look for an article's text: what Readability kept, and its neighbourhood. */

/** The elements that an article's text was found in, and the part of the page around them that is read. */
export interface Scope {
  readonly root: Element;
  /** Elements that hold text which Readability kept. */
  readonly kept: ReadonlySet<Element>;
  /** The kept elements and all that they stand in: never left out, whatever they are called. */
  readonly holdsKept: ReadonlySet<Element>;
  readonly heading: Element | null;
}

const WHOLE = "article, main, [role=main]";

/**
 * The scope reaches one step beyond the article: a forgotten note stands as often right before or behind what a
 * reader view keeps (under the byline, after the last paragraph, in a box of its own) as inside it.
 */
export function scopeAround(kept: ReadonlySet<Element>, title: string): Scope | null {
  const container = commonAncestor([...kept]);
  if (!container) return null;
  const heading = findHeading(container, title);
  const article = heading ? (commonAncestor([container, heading]) ?? container) : container;
  const whole = article.closest(WHOLE) ?? article;
  return { root: stepOut(whole), kept, holdsKept: withAncestors(kept), heading };
}

function stepOut(element: Element): Element {
  const body = element.ownerDocument.body;
  return element === body || !element.parentElement || !body.contains(element.parentElement)
    ? element
    : element.parentElement;
}

/** The heading that reads like the title, the nearest to the article first. */
export function findHeading(container: Element, title: string): Element | null {
  const inside = [...container.querySelectorAll("h1")];
  const all = [...inside, ...container.ownerDocument.querySelectorAll("h1")];
  const wanted = plain(title);
  return all.find((heading) => readsLike(plain(heading.textContent ?? ""), wanted)) ?? null;
}

/** The document's title often carries the site's name after the headline, or is a shorter form of it. */
function readsLike(heading: string, title: string): boolean {
  if (heading.length < 8 || title.length < 8) return heading === title && heading !== "";
  return heading === title || title.includes(heading) || heading.includes(title);
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}

export function commonAncestor(elements: Element[]): Element | null {
  const [first, ...others] = elements;
  let common: Element | null = first ?? null;
  for (const other of others) while (common && !common.contains(other)) common = common.parentElement;
  return common;
}

function withAncestors(elements: Iterable<Element>): Set<Element> {
  const all = new Set<Element>();
  for (const element of elements) addUpwards(element, all);
  return all;
}

function addUpwards(element: Element, all: Set<Element>): void {
  for (let at: Element | null = element; at && !all.has(at); at = at.parentElement) all.add(at);
}
