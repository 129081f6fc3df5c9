import type { SentBlock } from "../protocol/reading";
import { addressOf } from "./address";
import { gatherSelected } from "./blocks";
import type { PageText } from "./page";

/** What a person selected, as a page of its own; null when nothing is. */
export function readPassage(page: Document, told: string | undefined): PageText | null {
  const selection = told === undefined ? page.getSelection() : null;
  const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
  const root = range && elementOf(range.commonAncestorContainer);
  const blocks = root && !range.collapsed ? gatherSelected(root, range) : [];
  const sent =
    blocks.length > 0 ? blocks.map(({ mapped, role }) => ({ text: mapped.text, role })) : linesOf(told, selection);
  if (sent.length === 0) return null;
  const head = { url: addressOf(page.location), title: page.title.trim().slice(0, 500) };
  const place = { title: null, byline: null, blocks, root: root ?? page.documentElement, size: 0, story: null };
  return { sent: { ...head, blocks: sent }, ...place };
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}

/** Text in a frame or a form field: it can be judged, though not underlined. */
function linesOf(told: string | undefined, selection: Selection | null): SentBlock[] {
  const lines = (told ?? String(selection ?? "")).split(/\n+/).map((line) => line.trim());
  return lines.filter((line) => line !== "").map((text) => ({ text, role: "other" }));
}
