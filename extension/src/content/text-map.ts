/**
 * The text of one block as it is sent, and the way back from an offset in it to the page's own text nodes.
 *
 * White space is collapsed as a reader sees it: each run becomes one space, or one line break where the page breaks
 * the line (`<br>`, preformatted text); none stands at either end. Everything else is kept, one UTF-16 unit for one.
 */

/** A stretch of sent text that equals a stretch of one text node, unit by unit. Offsets count UTF-16 units. */
interface Segment {
  readonly node: Text;
  readonly nodeStart: number;
  readonly textStart: number;
  length: number;
}

/** A stretch of one text node of the page. Offsets count UTF-16 units, as DOM ranges do. */
export interface Piece {
  node: Text;
  start: number;
  end: number;
}

/** Sent text with its origins. `from` is where `text` begins in the block that the segments belong to. */
export interface MappedText {
  readonly text: string;
  readonly from: number;
  readonly segments: readonly Segment[];
}

const RUNS = /\s+|\S+/g;
const BLANK = /^\s/;
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SURROGATE = /[\ud800-\udfff]/;

/** Collects text nodes and line breaks of one block, in order. */
export class TextCollector {
  private text = "";
  private segments: Segment[] = [];
  /** White space that counts only if more text follows; without a node where a `<br>` made it. */
  private gap: { char: " " | "\n"; node: Text | null; offset: number } | null = null;

  get isEmpty(): boolean {
    return this.text === "";
  }

  get length(): number {
    return this.text.length;
  }

  /**
   * `preserved` says that the page shows this node's line breaks (`white-space: pre` and its kin); only the text
   * between `from` and `to` is taken.
   */
  addText(node: Text, preserved: boolean, from = 0, to = node.length): void {
    for (const { 0: run, index } of node.data.slice(from, to).matchAll(RUNS)) {
      if (BLANK.test(run)) this.addGap(node, from + index, run, preserved);
      else this.addRun(node, from + index, run);
    }
  }

  addLineBreak(): void {
    this.gap = { char: "\n", node: null, offset: 0 };
  }

  /** The block so far; the collector is empty again afterwards. */
  take(): MappedText {
    // Half of a surrogate pair cannot be written as UTF-8; the replacement is as long, so that no offset moves.
    const taken = { text: this.text.replace(LONE_SURROGATES, "\ufffd"), from: 0, segments: this.segments };
    this.text = "";
    this.segments = [];
    this.gap = null;
    return taken;
  }

  private addGap(node: Text, offset: number, run: string, preserved: boolean): void {
    const lineBreak = preserved ? run.indexOf("\n") : -1;
    if (lineBreak >= 0) this.gap = { char: "\n", node, offset: offset + lineBreak };
    else this.gap ??= { char: " ", node, offset };
  }

  private addRun(node: Text, offset: number, run: string): void {
    if (this.gap && !this.isEmpty) {
      if (this.gap.node) this.extend(this.gap.node, this.gap.offset, 1);
      this.text += this.gap.char;
    }
    this.gap = null;
    this.extend(node, offset, run.length);
    this.text += run;
  }

  private extend(node: Text, nodeStart: number, length: number): void {
    const last = this.segments.at(-1);
    const textStart = this.text.length;
    if (last && follows(last, node, nodeStart, textStart)) last.length += length;
    else this.segments.push({ node, nodeStart, textStart, length });
  }
}

function follows(last: Segment, node: Text, nodeStart: number, textStart: number): boolean {
  const sameNode = last.node === node && last.nodeStart + last.length === nodeStart;
  return sameNode && last.textStart + last.length === textStart;
}

/** The part of a mapped text that reads `part`, still mapped; null where it does not stand in it. */
export function partOf(mapped: MappedText, part: string): MappedText | null {
  const at = mapped.text.indexOf(part);
  if (at < 0) return null;
  return { text: part, from: mapped.from + at, segments: mapped.segments };
}

/** Where a code-point offset lies in a JavaScript string. Past the end is the end. */
export function toUtf16(text: string, codePoints: number): number {
  if (!SURROGATE.test(text)) return Math.min(codePoints, text.length);
  let units = 0;
  for (let left = codePoints; left > 0 && units < text.length; left--) units += unitsAt(text, units);
  return units;
}

function unitsAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

/**
 * The stretches of the page's text nodes that hold `[start, end)` of the sent text, given in code points: one for
 * each text node, with the white space that was collapsed inside it.
 */
export function piecesOf(mapped: MappedText, start: number, end: number): Piece[] {
  const from = mapped.from + toUtf16(mapped.text, start);
  const to = mapped.from + toUtf16(mapped.text, end);
  const pieces: Piece[] = [];
  for (const segment of mapped.segments) addPiece(pieces, cut(segment, from, to));
  return pieces;
}

function cut(segment: Segment, from: number, to: number): Piece | null {
  const start = Math.max(from, segment.textStart);
  const end = Math.min(to, segment.textStart + segment.length);
  if (start >= end) return null;
  const shift = segment.nodeStart - segment.textStart;
  return { node: segment.node, start: start + shift, end: end + shift };
}

function addPiece(pieces: Piece[], piece: Piece | null): void {
  if (!piece) return;
  const last = pieces.at(-1);
  if (last?.node === piece.node) last.end = piece.end;
  else pieces.push(piece);
}
