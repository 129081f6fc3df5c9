import type { SentBlock } from "../protocol/reading";
import { sentAddressOf } from "./address";
import { type Block, gatherSelected } from "./blocks";
import { type PageText, within } from "./page";
import type { Pace } from "./slices";

/** What a person selected, as a page of its own; null when nothing is. */
export async function readPassage(page: Document, told: string | undefined, pace: Pace): Promise<PageText | null> {
  const selection = told === undefined ? page.getSelection() : null;
  const range = selection?.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
  const root = range && elementOf(range.commonAncestorContainer);
  const blocks = root && !range.collapsed ? await blocksOf(root, range, pace) : [];
  const sent =
    blocks.length > 0 ? blocks.map(({ mapped, role }) => ({ text: mapped.text, role })) : linesOf(told, selection);
  if (sent.length === 0) return null;
  const head = { url: sentAddressOf(page.location), title: page.title.trim().slice(0, 500) };
  const place = { title: null, byline: null, blocks, root: root ?? page.documentElement, size: 0, story: null };
  return { sent: { ...head, blocks: sent }, ...place };
}

/** The whole of a long page may be selected. */
async function blocksOf(root: Element, range: Range, pace: Pace): Promise<Block[]> {
  return within(await pace(gatherSelected(root, range)), ({ mapped }) => mapped.text);
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}

/** Text in a frame or a form field: it can be judged, though not underlined. */
function linesOf(told: string | undefined, selection: Selection | null): SentBlock[] {
  const lines = (told ?? String(selection ?? "")).split(/\n+/).map((line) => line.trim());
  const filled = lines.filter((line) => line !== "");
  return within(filled, (line) => line).map((text) => ({ text, role: "other" }));
}
