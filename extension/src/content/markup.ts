import { MARK } from "../protocol/article";
import { HOST, type Visitor, walk } from "./composed";
import { pastFields } from "./fields";
import type { Steps } from "./slices";

/**
 * The page as it is shown, written down for the background, where Readability looks for the article in it: its work
 * would hold a long page up. Of elements and attributes only what Readability looks at is written.
 */
export interface Written {
  readonly markup: string;
  /** The elements with text of their own; their places in this list stand in the markup. */
  readonly live: readonly Element[];
  /** Parts of the page are left out of it. */
  readonly cut: boolean;
}

/** Hold no text of an article, and weigh nothing in Readability's judgement. */
const UNWRITTEN = new Set(
  "style noscript template iframe object embed img svg canvas video audio select textarea input option datalist link".split(
    " ",
  ),
).add(HOST);
const ATTRIBUTES = ["id", "class", "role", "rel", "itemprop", "aria-hidden", "aria-modal", "hidden"];
const OWN_ATTRIBUTES = new Map([
  ["html", [...ATTRIBUTES, "lang"]],
  ["meta", ["name", "property", "content"]],
  ["script", ["type"]],
]);
/** Readability's time for the names of a `meta` grows with the square of the white space in them. */
const LONGEST_META = 1000;
const VOID = new Set(["area", "base", "br", "col", "hr", "meta", "param", "source", "track", "wbr"]);
/** Names that a parser of well-formed markup takes; pages can have others, which mean nothing to it. */
const PLAIN_NAME = /^[a-z][a-z0-9-]*$/;

export function* writePage(page: Document, writer: Writer): Steps<Written> {
  if (writer.enter(page.documentElement)) yield* walk(page.documentElement, writer);
  return { markup: writer.parts.join(""), live: writer.live, cut: writer.isCut };
}

/** `others` are left out with all that stands in them. */
export class Writer implements Visitor {
  readonly parts: string[] = [];
  readonly live: Element[] = [];
  isCut = false;
  /** Where the innermost element's tag ends among the parts: -1 once it is marked. */
  private open: number[] = [];

  constructor(private readonly others: ReadonlySet<Element>) {}

  enter(element: Element): boolean {
    const own = pastFields(element);
    if (this.others.has(element) || isUnwritten(own)) return false;
    const name = nameOf(own);
    this.parts.push(`<${name}${attributesOf(own, name)}`, VOID.has(name) ? "/>" : ">");
    return !VOID.has(name) && this.open.push(this.parts.length - 1) > 0;
  }

  text({ data }: Text, parent: Element): void {
    if (/\S/.test(data)) this.mark(parent);
    this.parts.push(escapedText(data));
  }

  leave(element: Element): void {
    this.open.pop();
    this.parts.push(`</${nameOf(pastFields(element))}>`);
  }

  private mark(element: Element): void {
    const end = this.open.at(-1) ?? -1;
    if (end < 0) return;
    this.parts[end] = ` ${MARK}="${this.live.push(element) - 1}">`;
    this.open[this.open.length - 1] = -1;
  }
}

function isUnwritten(element: Element): boolean {
  const { localName } = element;
  return UNWRITTEN.has(localName) || (localName === "script" && !mayNameArticle(element));
}

/** Of scripts, `ld+json` names title and author where it speaks of one of Readability's kinds of article. */
function mayNameArticle(script: Element): boolean {
  if (script.getAttribute("type") !== "application/ld+json") return false;
  return /Article|Report|Posting|APIReference/.test(script.textContent ?? "");
}

function nameOf({ localName }: Element): string {
  return PLAIN_NAME.test(localName) ? localName : "span";
}

function attributesOf(element: Element, name: string): string {
  if (!element.hasAttributes()) return "";
  let written = "";
  for (const attribute of OWN_ATTRIBUTES.get(name) ?? ATTRIBUTES) {
    const value = element.getAttribute(attribute);
    if (value !== null) written += ` ${attribute}="${escaped(name === "meta" ? value.slice(0, LONGEST_META) : value)}"`;
  }
  return written + styleOf(element) + linkOf(element, name);
}

/** Readability asks of styles only whether they hide, and its parser breaks at half a declaration. */
export function styleOf(element: Element): string {
  if (!element.hasAttribute("style")) return "";
  const { style } = element as HTMLElement;
  if (style?.display === "none") return ' style="display:none"';
  return style?.visibility === "hidden" ? ' style="visibility:hidden"' : "";
}

/** And of links only whether they stay on the page. */
function linkOf(element: Element, name: string): string {
  return name === "a" && element.getAttribute("href")?.startsWith("#") ? ' href="#"' : "";
}

const SPECIAL = /[&<>"]/;
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Between tags the parser looks for nothing else. */
function escapedText(text: string): string {
  return /[&<]/.test(text) ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;") : text;
}

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign) : text;
}
