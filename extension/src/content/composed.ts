import { pastFields } from "./fields";
import type { Steps } from "./slices";

/** The page as it is shown: elements with a shadow root hold what stands in that root, slots what is put into them. */

/** The name of the one element that Telltale adds. */
export const HOST = "telltale-badge";

type Opener = (element: Element) => ShadowRoot | null;

/** Extensions may look into closed roots: an article is no secret because its site closed the box it comes in. */
const open: Opener = opener();

function opener(): Opener {
  const chromium = (globalThis as { chrome?: { dom?: { openOrClosedShadowRoot?: Opener } } }).chrome?.dom;
  if (chromium?.openOrClosedShadowRoot) return (element) => chromium.openOrClosedShadowRoot?.(element) ?? null;
  return (element) => (element as { openOrClosedShadowRoot?: ShadowRoot }).openOrClosedShadowRoot ?? element.shadowRoot;
}

/** What Telltale itself shows is no part of the page, and its coming and going no change of it. */
export function shadowOf(element: Element): ShadowRoot | null {
  if (element instanceof HTMLFormElement || element.localName === HOST) return null;
  // Asking is a call out of the script's world; built-in elements that may have a closed root are few.
  const mayHave = element.localName.includes("-") || element.shadowRoot !== null;
  return mayHave && element instanceof HTMLElement ? open(element) : null;
}

/** What is shown in an element whose shadow root is known. */
function childrenOf(element: Element, shadow: ShadowRoot | null): Iterator<Node> {
  if (shadow) return shadow.childNodes[Symbol.iterator]();
  const assigned = element instanceof HTMLSlotElement ? element.assignedNodes() : [];
  return (assigned.length > 0 ? assigned : pastFields(element).childNodes)[Symbol.iterator]();
}

export function parentOf(element: Element): Element | null {
  const own = pastFields(element);
  if (own.assignedSlot) return own.assignedSlot;
  if (own.parentElement) return own.parentElement;
  const root = own.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** What is done with each node of a walk. */
export interface Visitor {
  /** Whether to go inside; `root` is what is shown there in place of its own children. */
  enter: (element: Element, root: ShadowRoot | null) => boolean;
  text: (node: Text, parent: Element) => void;
  /** After all that stands in an element which was entered. */
  leave: (element: Element) => void;
}

/** Visits all that is shown in an element, in the order of the page, a node a step. */
export function* walk(root: Element, visitor: Visitor): Steps<void> {
  const path = [{ element: root, children: childrenOf(root, shadowOf(root)) }];
  for (let at = path.at(-1); at; at = path.at(-1)) {
    const { done, value: node } = at.children.next();
    if (done) {
      path.pop();
      visitor.leave(at.element);
    } else if (node.nodeType === Node.TEXT_NODE) visitor.text(node as Text, at.element);
    else if (node.nodeType === Node.ELEMENT_NODE) {
      const element = node as Element;
      const shadow = shadowOf(element);
      if (visitor.enter(element, shadow)) path.push({ element, children: childrenOf(element, shadow) });
    }
    yield;
  }
}

/** Most elements of most pages can have no shadow root. These are the frequent ones, passed over by the browser itself. */
const MAY_HAVE_ROOT =
  ":not(a, b, br, button, dd, dl, dt, em, figcaption, figure, form, hr, i, img, input, label, li, link, meta, ol, option, " +
  "path, picture, script, source, strong, style, svg, td, th, time, tr, u, ul, use)";

/** Every shadow root of the page, roots in roots included. */
export function* shadowRoots(root: Document | ShadowRoot): Steps<ShadowRoot[]> {
  const roots: ShadowRoot[] = [];
  for (const element of root.querySelectorAll(MAY_HAVE_ROOT)) {
    const shadow = shadowOf(element);
    if (shadow) roots.push(shadow, ...(yield* shadowRoots(shadow)));
    yield;
  }
  return roots;
}

export function holds(outer: Element, inner: Element): boolean {
  if (pastFields(outer).contains(inner)) return true;
  for (let at = parentOf(inner); at; at = parentOf(at)) if (at === outer) return true;
  return false;
}

export function closest(element: Element, selector: string): Element | null {
  for (let at: Element | null = element; at; at = parentOf(at)) if (pastFields(at).matches(selector)) return at;
  return null;
}

export function withAncestors(elements: Iterable<Element>): Set<Element> {
  const all = new Set<Element>();
  for (const element of elements) addUpwards(element, all);
  return all;
}

function addUpwards(element: Element, all: Set<Element>): void {
  for (let at: Element | null = element; at && !all.has(at); at = parentOf(at)) all.add(at);
}
