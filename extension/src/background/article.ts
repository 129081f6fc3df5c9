import { Readability } from "@mozilla/readability";
import JSDOMParser from "@mozilla/readability/JSDOMParser.js";
import { type Found, MARK, type Written } from "../protocol/article";

/**
 * Looks for the article in a page's markup, out of the page's own process. The markup is a page's: it is read as data by
 * a parser that is no browser's, so that nothing in it loads or runs.
 */

/** The limit of 40,000 elements, with long names and much text. */
const LONGEST_MARKUP = 16_000_000;

/** Null for what is no article. */
export function findArticle({ markup, shortest }: Written): Found | null {
  if (typeof markup !== "string" || markup.length > LONGEST_MARKUP) return null;
  const parsed = parse(markup, shortest);
  if (!parsed?.content || (parsed.textContent ?? "").trim().length < shortest) return null;
  return {
    title: parsed.title?.trim() ?? "",
    byline: parsed.byline?.trim() || null,
    published: parsed.publishedTime || null,
    lang: parsed.lang || null,
    kept: keptIn(parsed.content),
  };
}

/** Longer ones are compared by their beginnings. */
const LONGEST_LINE = 1000;

type Compare = (one: string, other: string) => number;

/** Compares a title with every heading, word by word with each of its words: a page could make that last for ever. */
class Reader extends Readability<Element> {
  _textSimilarity(one: string, other: string): number {
    const { _textSimilarity } = Readability.prototype as unknown as { _textSimilarity: Compare };
    return _textSimilarity.call(this, one.slice(0, LONGEST_LINE), other.slice(0, LONGEST_LINE));
  }
}

function parse(markup: string, shortest: number): ReturnType<Readability<Element>["parse"]> {
  try {
    const page = new JSDOMParser().parse(markup, "http://page.invalid/");
    return new Reader(page, { serializer: (node) => node as Element, charThreshold: shortest }).parse();
  } catch {
    return null; // a page that Readability cannot read is, to Telltale, no article
  }
}

function keptIn(content: Element): number[] {
  const marked = [...content.getElementsByTagName("*")].filter((element) => element.hasAttribute(MARK));
  return marked.filter(hasOwnText).map((element) => Number(element.getAttribute(MARK)));
}

/** Its own text, or text in a paragraph that Readability made inside it and that therefore has no mark. */
function hasOwnText({ childNodes }: Element): boolean {
  return [...childNodes].some((child) => {
    if (child.nodeType === TEXT) return /\S/.test(child.textContent ?? "");
    return child.nodeType === ELEMENT && !(child as Element).hasAttribute(MARK) && hasOwnText(child as Element);
  });
}

/** The background of Chromium has no `Node` to name them. */
const ELEMENT = 1;
const TEXT = 3;
