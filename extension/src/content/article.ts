import { isProbablyReaderable, Readability } from "@mozilla/readability";

/** Whether a page is an article, and which of its live elements hold it. */

export interface Article {
  title: string;
  byline: string | null;
  published: string | null;
  lang: string | null;
  /** The live elements whose text Readability kept. */
  kept: Set<Element>;
}

const MARK = "data-telltale-index";
/** A page that calls itself an article may be a single sentence: whole pages are published that are one refusal. */
const SHORTEST_DECLARED = 60;
const SHORTEST_OTHER = 400;
/** Readability's time grows with the elements; beyond this a page is an application or an archive. */
const MOST_ELEMENTS = 40_000;

export function readArticle(page: Document): Article | null {
  const declared = declaresArticle(page);
  if (!declared && (isFrontPage(page) || !isProbablyReaderable(page))) return null;
  if (page.getElementsByTagName("*").length > MOST_ELEMENTS) return null;
  const { clone, live } = markedClone(page);
  const parsed = parse(clone, declared);
  if (!parsed?.content || (parsed.textContent ?? "").trim().length < shortest(declared)) return null;
  return {
    title: parsed.title?.trim() || page.title.trim(),
    byline: parsed.byline?.trim() || null,
    published: parsed.publishedTime || page.querySelector("time[datetime]")?.getAttribute("datetime") || null,
    lang: parsed.lang || page.documentElement.lang || null,
    kept: keptIn(parsed.content, live),
  };
}

function shortest(declared: boolean): number {
  return declared ? SHORTEST_DECLARED : SHORTEST_OTHER;
}

/** Readability rewrites what it is given, so it is given a copy. */
function parse(clone: Document, declared: boolean): ReturnType<Readability<Element>["parse"]> {
  try {
    const charThreshold = declared ? SHORTEST_DECLARED : SHORTEST_OTHER;
    return new Readability<Element>(clone, { serializer: (node) => node as Element, charThreshold }).parse();
  } catch {
    return null; // a page that Readability cannot read is, to Telltale, no article
  }
}

/** A copy of the page whose elements carry their place in the list of live ones: attributes survive Readability. */
function markedClone(page: Document): { clone: Document; live: HTMLCollectionOf<Element> } {
  const clone = page.cloneNode(true) as Document;
  const live = page.getElementsByTagName("*");
  let index = 0;
  for (const copy of clone.getElementsByTagName("*")) copy.setAttribute(MARK, String(index++));
  return { clone, live };
}

function keptIn(content: Element, live: HTMLCollectionOf<Element>): Set<Element> {
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
