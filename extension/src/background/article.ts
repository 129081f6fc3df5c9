import { Readability } from "@mozilla/readability";
import JSDOMParser from "@mozilla/readability/JSDOMParser.js";
import { CUT, type Finding, MARK, type Written } from "../protocol/article";

/**
 * Looks for the article in a page's markup, out of the page's own process. The markup is a page's: it is read as data by
 * a parser that is no browser's, so that nothing in it loads or runs.
 */

/** The limit of 40,000 elements, with long names and much text. */
const LONGEST_MARKUP = 16_000_000;

export function findArticle(written: Written): Finding {
  const { markup, shortest } = written;
  if (typeof markup !== "string" || markup.length > LONGEST_MARKUP) return null;
  const parsed = parse(written);
  if (parsed === "needs-whole") return parsed;
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

/** What Readability does not tell of itself. */
interface Inner {
  _textSimilarity: (one: string, other: string) => number;
  _removeAndGetNext: (node: Element) => Element | null;
  _isValidByline: (node: Element, names: string) => boolean;
}

const inherited = Readability.prototype as unknown as Inner;

/** Compares a title with every heading, word by word with each of its words: a page could make that last for ever. */
class Reader extends Readability<Element> {
  _textSimilarity(one: string, other: string): number {
    return inherited._textSimilarity.call(this, one.slice(0, LONGEST_LINE), other.slice(0, LONGEST_LINE));
  }
}

class NeedsWhole extends Error {}

/** Reads markup with parts left out, as long as nothing depends on them. */
class LeanReader extends Reader {
  /** It did not find enough, and begins again without stripping. */
  _removeFlag(): never {
    throw new NeedsWhole();
  }

  /** Of a page that is hidden as a whole it takes all there is, stripping nothing. */
  _removeAndGetNext(node: Element): Element | null {
    if (/^(HTML|BODY)$/.test(node.tagName)) throw new NeedsWhole();
    return inherited._removeAndGetNext.call(this, node);
  }

  /** A byline is known by how little text there is. */
  _isValidByline(node: Element, names: string): boolean {
    const valid = inherited._isValidByline.call(this, node, names);
    if (valid && node.getElementsByTagName(CUT).length > 0) throw new NeedsWhole();
    return valid;
  }
}

type Parsed = ReturnType<Readability<Element>["parse"]>;

function parse({ markup, shortest, cut }: Written): Parsed | "needs-whole" {
  try {
    const page = new JSDOMParser().parse(markup, "http://page.invalid/");
    const options = { serializer: (node: Node) => node as Element, charThreshold: shortest };
    return new (cut ? LeanReader : Reader)(page, options).parse();
  } catch (error) {
    // A page that Readability cannot read is, to Telltale, no article.
    return error instanceof NeedsWhole ? "needs-whole" : null;
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
