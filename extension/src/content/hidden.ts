import { type Visitor, walk } from "./composed";
import type { Steps } from "./slices";

/** Text that a page holds and does not show: it is not read, and is once a class or a style shows it. */

/** Fewer characters are a counter, a clock, a label or a typo. */
export const MUCH = 40;

/** Taken out of the page, or clipped to nothing as text for screen readers only is. */
export function isUnseen(style: CSSStyleDeclaration): boolean {
  if (style.display === "none") return true;
  return style.position === "absolute" && (/^rect\(/.test(style.clip) || /^inset\((50|100)%/.test(style.clipPath));
}

export function isVisible({ visibility }: CSSStyleDeclaration): boolean {
  return visibility !== "hidden" && visibility !== "collapse";
}

export function isShown(element: Element): boolean {
  const style = getComputedStyle(element);
  return element.isConnected && !isUnseen(style) && isVisible(style);
}

/** Those elements, if what they hold together is much; what is left out of an article does not count. */
export function* withMuch(elements: Element[], isLeftOut: (element: Element) => boolean): Steps<Element[]> {
  let size = 0;
  const enter = (element: Element) => !isLeftOut(element);
  const text = ({ data }: Text) => {
    size += data.trim().length;
  };
  const visitor: Visitor = { enter, text, leave: () => {} };
  for (const element of elements)
    for (const _ of walk(element, visitor)) {
      if (size >= MUCH) return elements;
      yield;
    }
  return [];
}
