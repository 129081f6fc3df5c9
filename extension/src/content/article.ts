import { isProbablyReaderable, Readability } from "@mozilla/readability";
import { childrenOf, shadowRoots } from "./composed";
import { currentOf, storiesOf } from "./stories";

/** Whether a page is an article, and which of its live elements hold it. */

export interface Article {
  title: string;
  byline: string | null;
  published: string | null;
  lang: string | null;
  /** The live elements whose text Readability kept. */
  kept: Set<Element>;
  /** The one that was read, on a page of several stories. */
  story: Element | null;
  /** Other stories on the page, which are pages of their own. */
  others: ReadonlySet<Element>;
}

const MARK = "data-telltale-index";
/** A page that calls itself an article may be a single sentence: whole pages are published that are one refusal. */
const SHORTEST_DECLARED = 60;
const SHORTEST_OTHER = 400;
/** Readability's time grows with the elements; beyond this a page is an application or an archive. */
const MOST_ELEMENTS = 40_000;

/** `before` is the story that an earlier reading of the same address was of. */
export function readArticle(page: Document, before: Element | null = null): Article | null {
  if (page.getElementsByTagName("*").length > MOST_ELEMENTS) return null;
  const declared = declaresArticle(page);
  const roots = shadowRoots(page);
  if (!declared && !mayBeArticle(page, roots)) return null;
  const stories = storiesOf(page);
  const story = stories.length > 1 ? currentOf(stories, before) : null;
  const others = new Set(story ? stories.filter((one) => one !== story) : []);
  const { clone, live } = roots.length > 0 ? composedClone(page) : markedClone(page);
  removeOthers(clone, live, others);
  const parsed = parse(clone, declared);
  return parsed?.content ? articleOf(page, parsed, keptIn(parsed.content, live), declared, { story, others }) : null;
}

/** The quick look does not see into shadow roots. */
function mayBeArticle(page: Document, roots: ShadowRoot[]): boolean {
  return !isFrontPage(page) && (roots.length > 0 || isProbablyReaderable(page));
}

function articleOf(
  page: Document,
  parsed: Parsed,
  kept: Set<Element>,
  declared: boolean,
  stories: Pick<Article, "story" | "others">,
): Article | null {
  if ((parsed.textContent ?? "").trim().length < shortest(declared)) return null;
  return {
    title: parsed.title?.trim() || page.title.trim(),
    byline: parsed.byline?.trim() || null,
    published: parsed.publishedTime || page.querySelector("time[datetime]")?.getAttribute("datetime") || null,
    lang: parsed.lang || page.documentElement.lang || null,
    kept,
    ...stories,
  };
}

function removeOthers(clone: Document, live: ArrayLike<Element>, others: ReadonlySet<Element>): void {
  if (others.size === 0) return;
  for (const copy of clone.querySelectorAll("article, [itemprop]")) if (isOneOf(copy, live, others)) copy.remove();
}

function isOneOf(copy: Element, live: ArrayLike<Element>, others: ReadonlySet<Element>): boolean {
  const original = live[Number(copy.getAttribute(MARK))];
  return original !== undefined && others.has(original);
}

function shortest(declared: boolean): number {
  return declared ? SHORTEST_DECLARED : SHORTEST_OTHER;
}

type Parsed = NonNullable<ReturnType<Readability<Element>["parse"]>>;

/** Readability rewrites what it is given, so it is given a copy. */
function parse(clone: Document, declared: boolean): Parsed | null {
  try {
    const charThreshold = declared ? SHORTEST_DECLARED : SHORTEST_OTHER;
    return new Readability<Element>(clone, { serializer: (node) => node as Element, charThreshold }).parse();
  } catch {
    return null; // a page that Readability cannot read is, to Telltale, no article
  }
}

/** A copy of the page whose elements carry their place in the list of live ones: attributes survive Readability. */
function markedClone(page: Document): { clone: Document; live: ArrayLike<Element> } {
  const clone = page.cloneNode(true) as Document;
  const live = page.getElementsByTagName("*");
  let index = 0;
  for (const copy of clone.getElementsByTagName("*")) copy.setAttribute(MARK, String(index++));
  return { clone, live };
}

/** The same of a page with shadow roots, as it is shown: the browser's own copy would leave out what stands in them. */
function composedClone(page: Document): { clone: Document; live: ArrayLike<Element> } {
  const live: Element[] = [];
  const clone = page.cloneNode(false) as Document;
  clone.append(composedCopy(page.documentElement, clone, live));
  return { clone, live };
}

/** Imported, not cloned: a copy that belonged to the page would run its components' code and load its pictures. */
function composedCopy(element: Element, clone: Document, live: Element[]): Element {
  const copy = clone.importNode(element, false);
  copy.setAttribute(MARK, String(live.push(element) - 1));
  for (const child of childrenOf(element)) {
    copy.append(child instanceof Element ? composedCopy(child, clone, live) : clone.importNode(child, false));
  }
  return copy;
}

function keptIn(content: Element, live: ArrayLike<Element>): Set<Element> {
  const kept = new Set<Element>();
  for (const copy of content.querySelectorAll(`[${MARK}]`)) {
    const original = live[Number(copy.getAttribute(MARK))];
    if (original && hasOwnText(copy) && original.isConnected) kept.add(original);
  }
  return kept;
}

/** Its own text, or text in a paragraph that Readability made inside it and that therefore has no mark. */
function hasOwnText(element: Element): boolean {
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE && child.nodeValue?.trim()) return true;
    if (child instanceof Element && !child.hasAttribute(MARK) && hasOwnText(child)) return true;
  }
  return false;
}

function declaresArticle(page: Document): boolean {
  const type = page.querySelector("meta[property='og:type']")?.getAttribute("content");
  if (type?.toLowerCase() === "article") return true;
  if (page.querySelector("[itemprop~=articleBody], meta[property='article:published_time']")) return true;
  return [...page.querySelectorAll("script[type='application/ld+json']")].some(namesArticle);
}

function namesArticle(script: Element): boolean {
  return /"@type"\s*:\s*(\[[^\]]*)?"[A-Za-z]*(Article|BlogPosting|Report)"/.test(script.textContent ?? "");
}

/** A front page is made of teasers, each another page's text. */
function isFrontPage(page: Document): boolean {
  return page.location?.pathname === "/";
}
