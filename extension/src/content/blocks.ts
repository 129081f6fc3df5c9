import type { Role } from "../protocol/reading";
import { type Visitor, walk } from "./composed";
import { pastFields } from "./fields";
import { isFurniture, isNever } from "./furniture";
import { isUnseen, isVisible, withMuch } from "./hidden";
import type { Scope } from "./scope";
import type { Steps } from "./slices";
import { type MappedText, TextCollector } from "./text-map";

/** The text of the live page in blocks, as a reader sees it: hidden text and furniture left out, nothing changed. */

export interface Block {
  readonly element: Element;
  readonly role: Role;
  readonly mapped: MappedText;
  /** Readability kept it. */
  readonly kept: boolean;
  /** Share of its text that is links. */
  readonly linked: number;
}

/** How far beyond what Readability kept blocks still count as the article's, on either side. */
const REACH = 8;
/** Shorter neighbours are labels ("Share", "Read more"). */
const SHORTEST_NEIGHBOUR = 12;
const MOSTLY_LINKS = 0.5;

export interface Gathered {
  readonly blocks: Block[];
  /** The outermost elements within reach whose text was left out because the page does not show it, where it is much. */
  readonly hidden: Element[];
}

export function* gatherBlocks(scope: Scope): Steps<Gathered> {
  const { kept, holdsKept, others } = scope;
  const isLeftOut = (element: Element) => others.has(element) || isFurniture(element, holdsKept);
  const walker = new BlockWalker(kept, isLeftOut);
  const blocks = yield* walker.walk(scope.root);
  const hidden = yield* withMuch(walker.hiddenNear(blocks), isLeftOut);
  return { blocks: nearby(blocks.filter((block) => block.kept || isProse(block))), hidden };
}

/** The blocks of what a person selected, wherever it stands. */
export function gatherSelected(root: Element, range: Range): Steps<Block[]> {
  return new BlockWalker(new Set(), isNever, range).walk(root);
}

function isProse({ mapped, linked }: Block): boolean {
  return mapped.text.length >= SHORTEST_NEIGHBOUR && linked <= MOSTLY_LINKS;
}

/** What Readability kept, all that stands between, and a few blocks before and behind. */
function nearby(blocks: Block[]): Block[] {
  const reach = reachOf(blocks);
  return reach ? blocks.slice(Math.max(0, reach.from), reach.to) : [];
}

/** From which block on, which may be less than none, and before which the article's may stand; null where none was kept. */
function reachOf(blocks: Block[]): { from: number; to: number } | null {
  const first = blocks.findIndex((block) => block.kept);
  const last = blocks.findLastIndex((block) => block.kept);
  return first < 0 ? null : { from: first - REACH, to: last + 1 + REACH };
}

/** How text inside an element is shown. */
interface Setting {
  readonly preserved: boolean;
  readonly visible: boolean;
  readonly inLink: boolean;
}

const PLAIN: Setting = { preserved: false, visible: true, inLink: false };

/** Walks the page once, in document order, cutting its text where the layout does. */
class BlockWalker implements Visitor {
  private readonly blocks: Block[] = [];
  private readonly collector = new TextCollector();
  /** The elements that the walk is in, the innermost last. */
  private readonly inside: { element: Element; setting: Setting; cuts: boolean }[] = [];
  private linkLength = 0;
  private lineBreaks = 0;
  /** What is not shown, and how many blocks stand before it. */
  private readonly hidden: { element: Element; at: number }[] = [];

  /** `range` limits the text to what lies in it. */
  constructor(
    private readonly kept: ReadonlySet<Element>,
    private readonly isLeftOut: (element: Element) => boolean,
    private readonly range: Range | null = null,
  ) {}

  *walk(root: Element): Steps<Block[]> {
    this.goInto(root, getComputedStyle(root), true);
    yield* walk(root, this);
    return this.blocks;
  }

  /** Where nothing was kept because nothing is shown, the article is what is hidden. */
  hiddenNear(blocks: Block[]): Element[] {
    const reach = reachOf(blocks);
    const isNear = ({ at }: { at: number }) => !reach || (at >= reach.from && at <= reach.to);
    return this.hidden.filter(isNear).map(({ element }) => element);
  }

  text(node: Text): void {
    this.addText(node, this.here.setting);
  }

  enter(element: Element): boolean {
    if (element.localName === "br") this.addLineBreak(this.here.element);
    return element.localName !== "br" && !this.isLeftOut(element) && this.enterSeen(element);
  }

  leave(): void {
    const left = this.inside.pop();
    if (left?.cuts) this.flush(left.element);
  }

  private get here(): { element: Element; setting: Setting } {
    return this.inside.at(-1) ?? { element: document.documentElement, setting: PLAIN };
  }

  private enterSeen(element: Element): boolean {
    const style = getComputedStyle(element);
    if (style.display === "none") this.addHidden(element);
    if (isUnseen(style)) return false;
    const cuts = !isInline(style);
    if (cuts) this.flush(this.here.element);
    this.goInto(element, style, cuts);
    return true;
  }

  private goInto(element: Element, style: CSSStyleDeclaration, cuts: boolean): void {
    const setting = settingOf(style, this.here.setting, element);
    if (!setting.visible) this.addHidden(element);
    this.inside.push({ element, setting, cuts });
  }

  private addHidden(element: Element): void {
    if (this.here.setting.visible) this.hidden.push({ element, at: this.blocks.length });
  }

  private addText(node: Text, setting: Setting): void {
    if (!setting.visible) return;
    const before = this.collector.length;
    this.collector.addText(node, setting.preserved, ...this.partOf(node));
    const added = this.collector.length - before;
    if (added > 0) this.lineBreaks = 0;
    if (setting.inLink) this.linkLength += added;
  }

  private partOf(node: Text): [from: number, to: number] {
    const { range } = this;
    if (!range) return [0, node.length];
    if (!range.intersectsNode(node)) return [0, 0];
    const from = node === range.startContainer ? range.startOffset : 0;
    return [from, node === range.endContainer ? range.endOffset : node.length];
  }

  /** Two line breaks in a row are how many pages part their paragraphs. */
  private addLineBreak(parent: Element): void {
    this.lineBreaks += 1;
    if (this.lineBreaks > 1) this.flush(parent);
    else this.collector.addLineBreak();
  }

  private flush(element: Element): void {
    this.lineBreaks = 0;
    const links = this.linkLength;
    this.linkLength = 0;
    const mapped = this.collector.take();
    if (mapped.text) this.blocks.push(this.blockOf(element, mapped, links));
  }

  private blockOf(element: Element, mapped: MappedText, links: number): Block {
    const { kept } = this;
    const holder = mapped.segments[0]?.node.parentElement ?? element;
    const isKept = kept.has(element) || kept.has(holder);
    return { element, role: roleOf(element), mapped, kept: isKept, linked: links / mapped.text.length };
  }
}

function settingOf(style: CSSStyleDeclaration, outer: Setting, element: Element): Setting {
  return {
    preserved: /^(pre|break-spaces)/.test(style.whiteSpace) || /preserve/.test(style.whiteSpace),
    visible: isVisible(style),
    inLink: outer.inLink || element.localName === "a",
  };
}

function isInline(style: CSSStyleDeclaration): boolean {
  return /^(inline|ruby|contents)/.test(style.display);
}

function roleOf(element: Element): Role {
  const own = pastFields(element);
  if (own.closest("blockquote, q")) return "quote";
  if (own.closest("figcaption, caption")) return "caption";
  if (own.matches("h1, h2, h3, h4, h5, h6, [role=heading]")) return "heading";
  if (own.closest("li, dt, dd")) return "list_item";
  return own.matches("p, div, section, article, main, body") ? "paragraph" : "other";
}
