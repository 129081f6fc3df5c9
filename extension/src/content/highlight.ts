import type { Note } from "../protocol/reading";
import { OverlayLines } from "./overlay";
import type { Piece } from "./text-map";

/** A note with its place on the page. */
export interface Mark {
  readonly kind: Note["kind"];
  readonly ranges: readonly Range[];
}

/** Names of the highlights; `highlight.css` says how each looks. */
const NAMES = { leak: "telltale-leak", disclosure: "telltale-disclosure", current: "telltale-current" } as const;

/**
 * Underlines notes without touching a text node, by the CSS Custom Highlight API. A browser without it gets lines
 * drawn above the page, in the badge's own shadow root.
 */
export class Highlighter {
  private readonly overlay: OverlayLines | null;

  constructor(layer: ParentNode) {
    this.overlay = hasHighlights() ? null : new OverlayLines(layer);
  }

  show(marks: readonly Mark[]): void {
    this.clear();
    this.overlay?.show(marks.flatMap(({ ranges }) => ranges));
    if (!this.overlay) underline(marks);
  }

  /** Sets one note off from the others, after the reader asked to see it. */
  point(mark: Mark | null): void {
    if (!this.overlay) put(NAMES.current, mark?.ranges ?? []);
  }

  clear(): void {
    this.overlay?.clear();
    if (!this.overlay) for (const name of Object.values(NAMES)) CSS.highlights.delete(name);
  }
}

function underline(marks: readonly Mark[]): void {
  for (const kind of ["leak", "disclosure"] as const) {
    const ranges = marks.filter((mark) => mark.kind === kind).flatMap((mark) => mark.ranges);
    put(NAMES[kind], ranges);
  }
}

export function rangesOf(pieces: Piece[]): Range[] {
  return pieces.map(({ node, start, end }) => {
    const range = node.ownerDocument.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return range;
  });
}

function hasHighlights(): boolean {
  return typeof CSS !== "undefined" && "highlights" in CSS && typeof Highlight === "function";
}

function put(name: string, ranges: readonly Range[]): void {
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}
