import { CUT } from "../protocol/article";
import { walk } from "./composed";
import { styleOf, Writer } from "./markup";
import { atOnce } from "./slices";

/**
 * Comments, menus, related stories: most of a long page is what Readability strips before it looks for the article. Of
 * that only shells are written. Where it does not find the article while it strips, the page is written whole.
 */

/** Readability's own words, which a test compares: its module would bring all of it into every page. */
export const UNLIKELY =
  /-ad-|ai2html|banner|breadcrumbs|combx|comment|community|cover-wrap|disqus|extra|footer|gdpr|header|legends|menu|related|remark|replies|rss|shoutbox|sidebar|skyscraper|social|sponsor|supplemental|ad-break|agegate|pagination|pager|popup|yom-remote/i;
export const LIKELY = /and|article|body|column|content|main|shadow/i;
export const BYLINE = /byline|author|dateline|writtenby|p-author/i;
export const UNLIKELY_ROLES = "menu menubar complementary navigation alert alertdialog dialog".split(" ");

/**
 * What Readability takes for a block or not by its name alone, and does not ask about what stands in it. Forms are left
 * to the longer way: they do not answer for themselves (`fields.ts`).
 */
const MAY_BE_SHELLS = new Set("article aside div footer header li nav ol section ul".split(" "));
/** In tables and code it strips nothing, and it weighs headings and lines with all that stands in them. */
const WHOLE = "table, code, h1, h2, p, span, font, b, strong, i, em, small, label, button";
/** Title and author are looked for on all the page, before anything is stripped. */
const ASKED_FOR = "h1, h2, title, meta, script[type='application/ld+json']";
/** Elements: a shell is written in one step, which must stay short. */
const MOST_ASKED_FOR = 100;
/** Shells in shells that hold more than that could make every step a search of the whole page. */
const MOST_REFUSED = 10;
/** A `div` with a block in it, however deep, is no paragraph. */
const BLOCKS = "blockquote, dl, div, ol, p, pre, table, ul";

export class LeanWriter extends Writer {
  private refused = 0;

  /** Selectors do not see what is shown in `holders` of shadow roots or of other stories: they are written whole. */
  constructor(
    others: ReadonlySet<Element>,
    private readonly holders: ReadonlySet<Element>,
  ) {
    super(others);
  }

  override enter(element: Element): boolean {
    if (!this.mayBeShell(element)) return super.enter(element);
    const askedFor = [...element.querySelectorAll(ASKED_FOR)];
    if (sizeOf(askedFor) <= MOST_ASKED_FOR) return this.writeShell(element, askedFor);
    this.refused += 1;
    return super.enter(element);
  }

  private mayBeShell(element: Element): boolean {
    if (!MAY_BE_SHELLS.has(element.localName) || this.refused >= MOST_REFUSED) return false;
    return isStripped(element) && this.seesAll(element);
  }

  private seesAll(element: Element): boolean {
    return !this.holders.has(element) && element.getRootNode() === element.ownerDocument && !element.closest(WHOLE);
  }

  private writeShell(element: Element, askedFor: Element[]): false {
    super.enter(element);
    const text = `<${CUT}>.</${CUT}>`;
    this.parts.push(element.querySelector(BLOCKS) ? `<p>${text}</p>` : text);
    for (const one of askedFor) this.writeAskedFor(one);
    this.leave(element);
    this.isCut = true;
    return false;
  }

  private writeAskedFor(one: Element): void {
    const isWritten = one.parentElement?.closest("h1, h2");
    if (!isWritten && super.enter(one)) atOnce(walk(one, this));
  }
}

function sizeOf(elements: Element[]): number {
  return elements.reduce((sum, element) => sum + 1 + element.getElementsByTagName("*").length, 0);
}

/** Readability takes a byline before it strips. What holds no element is as short as its shell. */
function isStripped(element: Element): boolean {
  if (!element.firstElementChild || !element.hasAttributes()) return false;
  const names = `${element.getAttribute("class") ?? ""} ${element.id}`;
  return isHidden(element, names) || (isUnlikely(element, names) && !mayBeByline(element, names));
}

function isHidden(element: Element, names: string): boolean {
  if (element.hasAttribute("hidden") || styleOf(element) !== "") return true;
  return element.getAttribute("aria-hidden") === "true" && !names.includes("fallback-image");
}

function isUnlikely(element: Element, names: string): boolean {
  return (UNLIKELY.test(names) && !LIKELY.test(names)) || UNLIKELY_ROLES.includes(element.getAttribute("role") ?? "");
}

function mayBeByline(element: Element, names: string): boolean {
  if (element.getAttribute("rel") === "author" || BYLINE.test(names)) return true;
  return element.getAttribute("itemprop")?.includes("author") === true;
}
