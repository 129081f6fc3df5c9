import type { Note, SentPage } from "../protocol/reading";
import { addressOf } from "./address";
import { type Article, type Known, type Means, readArticle } from "./article";
import { type Block, gatherBlocks } from "./blocks";
import { scopeAround } from "./scope";
import { type MappedText, type Piece, partOf, piecesOf } from "./text-map";

/** One reading of the live page: what is sent, and the way back from a note to the page's text. */
export interface PageText {
  readonly sent: SentPage;
  readonly title: MappedText | null;
  readonly byline: MappedText | null;
  readonly blocks: readonly Block[];
  /** The element whose text is watched for changes. */
  readonly root: Element;
  /** Its size before it was read: it may have changed on the way. */
  readonly size: number;
  /** The one that was read, on a page of several stories. */
  readonly story: Element | null;
}

/** The daemon's limits are 5,000 blocks and 5 MB; a page longer than this is cut here rather than refused there. */
const MOST_BLOCKS = 2000;
const MOST_TEXT = 400_000;
const LONGEST_LINE = 500;

export async function readPage(page: Document, known: Known, means: Means): Promise<PageText | null> {
  const article = await readArticle(page, known, means);
  const scope = article && scopeAround(article);
  if (!article || !scope) return null;
  const size = sizeOf(scope.root, known.roots);
  const gathered = await means.pace(gatherBlocks(scope));
  const titleBlock = gathered.find(({ element }) => element === scope.heading) ?? null;
  const bylineAt = findByline(gathered, article.byline);
  const blocks = within(gathered.filter((block) => block !== titleBlock && block !== bylineAt?.whole));
  if (blocks.length === 0) return null;
  const title = titleBlock?.mapped ?? null;
  const byline = bylineAt?.mapped ?? null;
  const { root } = scope;
  return { sent: sentOf(page, article, title, blocks), title, byline, blocks, root, size, story: article.story };
}

/** Characters of text, hidden ones too, in an element and in shadow roots. */
export function sizeOf(root: Element, roots: readonly ShadowRoot[]): number {
  return [root, ...roots].reduce((sum, { textContent }) => sum + (textContent?.length ?? 0), 0);
}

interface FoundByline {
  mapped: MappedText;
  /** The block, where it holds nothing but the byline: it is then not sent a second time. */
  whole: Block | null;
}

/** The shortest block that holds the byline, so that its text is not looked for in a paragraph that names the author. */
function findByline(blocks: Block[], byline: string | null): FoundByline | null {
  if (!byline) return null;
  const wanted = byline.replace(/\s+/g, " ");
  const holders = blocks.filter(({ mapped }) => mapped.text.length < LONGEST_LINE && mapped.text.includes(wanted));
  const block = holders.sort((a, b) => a.mapped.text.length - b.mapped.text.length)[0];
  const mapped = block && partOf(block.mapped, wanted);
  if (!block || !mapped) return null;
  return { mapped, whole: block.mapped.text.length - wanted.length < 20 ? block : null };
}

function sentOf(page: Document, article: Article, title: MappedText | null, blocks: Block[]): SentPage {
  return {
    url: addressOf(page.location),
    title: (title?.text ?? article.title).slice(0, LONGEST_LINE),
    ...(article.byline && { byline: article.byline.replace(/\s+/g, " ").slice(0, LONGEST_LINE) }),
    ...(article.published && { published: article.published }),
    ...(article.lang && { lang: article.lang }),
    blocks: blocks.map(({ mapped, role }) => ({ text: mapped.text, role })),
  };
}

function within(blocks: Block[]): Block[] {
  let total = 0;
  return blocks.slice(0, MOST_BLOCKS).filter(({ mapped }) => {
    total += mapped.text.length;
    return total <= MOST_TEXT;
  });
}

/** Where a note stands on the page now; empty when its text is not on the page, or was changed meanwhile. */
export function placesOf(note: Note, page: PageText): Piece[] {
  const mapped = mappedOf(note, page);
  if (!mapped) return [];
  const pieces = piecesOf(mapped, note.start, note.end);
  const standing = pieces.every(({ node, end }) => node.isConnected && end <= node.length);
  return standing && letters(pieces.map(textOf).join("")) === letters(note.quote) ? pieces : [];
}

function mappedOf(note: Note, page: PageText): MappedText | null {
  if (note.where === "title") return page.title;
  if (note.where === "byline") return page.byline;
  return page.blocks[note.block ?? -1]?.mapped ?? null;
}

function textOf({ node, start, end }: Piece): string {
  return node.data.slice(start, end);
}

/** White space differs between the page and what was sent, and a half surrogate was replaced: neither is a change. */
function letters(text: string): string {
  return text.replace(/\s+/g, "").replace(/[\ud800-\udfff\ufffd]/g, "");
}
