import { MARK } from "../protocol/article";
import { type Visitor, walk } from "./composed";
import type { Steps } from "./slices";

/**
 * The page as it is shown, written down for the background, where Readability looks for the article in it: its work
 * on a page of a megabyte would hold the page for a quarter of a second. Only what Readability looks at is written.
 */
export interface Written {
  readonly markup: string;
  /** The elements with text of their own; their places in this list stand in the markup. */
  readonly live: readonly Element[];
  /** The shadow roots that were met. */
  readonly roots: readonly ShadowRoot[];
}

/** Hold no text of an article, and weigh nothing in Readability's judgement. */
const UNWRITTEN = new Set(
  "style noscript template iframe object embed svg canvas video audio select textarea input option datalist link telltale-badge".split(
    " ",
  ),
);
const ATTRIBUTES = ["id", "class", "role", "rel", "itemprop", "aria-hidden", "aria-modal", "hidden", "lang", "type"];
const META_ATTRIBUTES = ["name", "property", "content"];
const VOID = new Set(["area", "base", "br", "col", "hr", "img", "meta", "param", "source", "track", "wbr"]);
/** Names that a parser of well-formed markup takes; pages can have others, which mean nothing to it. */
const PLAIN_NAME = /^[a-z][a-z0-9-]*$/;

/** `others` are left out with all that stands in them. */
export function* writePage(page: Document, others: ReadonlySet<Element>): Steps<Written> {
  const writer = new Writer(others);
  if (writer.enter(page.documentElement, null)) yield* walk(page.documentElement, writer);
  return { markup: writer.parts.join(""), live: writer.live, roots: writer.roots };
}

class Writer implements Visitor {
  readonly parts: string[] = [];
  readonly live: Element[] = [];
  readonly roots: ShadowRoot[] = [];
  /** Where the innermost element's tag ends among the parts: -1 once it is marked. */
  private open: number[] = [];

  constructor(private readonly others: ReadonlySet<Element>) {}

  enter(element: Element, root: ShadowRoot | null): boolean {
    if (this.others.has(element) || isUnwritten(element)) return false;
    const name = nameOf(element);
    if (root) this.roots.push(root);
    this.parts.push(`<${name}${attributesOf(element, name)}`, VOID.has(name) ? "/>" : ">");
    return !VOID.has(name) && this.open.push(this.parts.length - 1) > 0;
  }

  text(node: Text, parent: Element): void {
    const { data } = node;
    if (/\S/.test(data)) this.mark(parent);
    this.parts.push(escaped(data));
  }

  leave(element: Element): void {
    this.open.pop();
    this.parts.push(`</${nameOf(element)}>`);
  }

  private mark(element: Element): void {
    const end = this.open.at(-1) ?? -1;
    if (end < 0) return;
    this.parts[end] = ` ${MARK}="${this.live.push(element) - 1}">`;
    this.open[this.open.length - 1] = -1;
  }
}

/** Of scripts, `ld+json` names title and author. */
function isUnwritten(element: Element): boolean {
  const { localName } = element;
  return UNWRITTEN.has(localName) || (localName === "script" && element.getAttribute("type") !== "application/ld+json");
}

function nameOf({ localName }: Element): string {
  return PLAIN_NAME.test(localName) ? localName : "span";
}

function attributesOf(element: Element, name: string): string {
  if (!element.hasAttributes()) return "";
  let written = "";
  for (const attribute of name === "meta" ? META_ATTRIBUTES : ATTRIBUTES) {
    const value = element.getAttribute(attribute);
    if (value !== null) written += ` ${attribute}="${escaped(value)}"`;
  }
  return written + styleOf(element) + linkOf(element, name);
}

/** Readability asks of styles only whether they hide. */
function styleOf(element: Element): string {
  const style = element.getAttribute("style");
  return style && /display|visibility/.test(style) ? ` style="${escaped(style)}"` : "";
}

/** And of links only whether they stay on the page. */
function linkOf(element: Element, name: string): string {
  return name === "a" && element.getAttribute("href")?.startsWith("#") ? ' href="#"' : "";
}

const SPECIAL = /[&<>"]/;
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign) : text;
}
