/** The page as it is shown: elements with a shadow root hold what stands in that root, slots what is put into them. */

type Opener = (element: Element) => ShadowRoot | null;

/** Extensions may look into closed roots: an article is no secret because its site closed the box it comes in. */
const open: Opener = opener();

function opener(): Opener {
  const chromium = (globalThis as { chrome?: { dom?: { openOrClosedShadowRoot?: Opener } } }).chrome?.dom;
  if (chromium?.openOrClosedShadowRoot) return (element) => chromium.openOrClosedShadowRoot?.(element) ?? null;
  return (element) => (element as { openOrClosedShadowRoot?: ShadowRoot }).openOrClosedShadowRoot ?? element.shadowRoot;
}

export function shadowOf(element: Element): ShadowRoot | null {
  // Asking is a call out of the script's world; built-in elements that may have a closed root are few.
  const mayHave = element.localName.includes("-") || element.shadowRoot !== null;
  return mayHave && element instanceof HTMLElement ? open(element) : null;
}

export function childrenOf(element: Element): Iterable<Node> {
  const shadow = shadowOf(element);
  if (shadow) return shadow.childNodes;
  const assigned = element instanceof HTMLSlotElement ? element.assignedNodes() : [];
  return assigned.length > 0 ? assigned : element.childNodes;
}

export function parentOf(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** Every shadow root of the page, roots in roots included. */
export function shadowRoots(root: Document | ShadowRoot): ShadowRoot[] {
  const roots: ShadowRoot[] = [];
  for (const element of root.querySelectorAll("*")) {
    const shadow = shadowOf(element);
    if (shadow) roots.push(shadow, ...shadowRoots(shadow));
  }
  return roots;
}

export function holds(outer: Element, inner: Element): boolean {
  if (outer.contains(inner)) return true;
  for (let at = parentOf(inner); at; at = parentOf(at)) if (at === outer) return true;
  return false;
}

export function closest(element: Element, selector: string): Element | null {
  for (let at: Element | null = element; at; at = parentOf(at)) if (at.matches(selector)) return at;
  return null;
}
