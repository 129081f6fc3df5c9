import type { Note, SentPage } from "../protocol/reading";
import { sentAddressOf } from "./address";
import { type Article, type Known, type Means, readArticle } from "./article";
import { type Block, gatherBlocks } from "./blocks";
import { pastFields } from "./fields";
import { isNever } from "./furniture";
import { isShown, withMuch } from "./hidden";
import { type Scope, scopeAround } from "./scope";
import type { Steps } from "./slices";
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
/** The daemon's limit. What is longer is no date and no language, and cut it would say nothing. */
const LONGEST_WORD = 100;

/** What a look at a page gave. */
export interface PageRead {
  readonly page: PageText | null;
  /** Elements with text that was not read because the page does not show it. */
  readonly hidden: readonly Element[];
}

export async function readPage(page: Document, known: Known, means: Means): Promise<PageRead> {
  // It may change under way; the text that is read is this one's.
  const url = sentAddressOf(page.location);
  const article = await readArticle(page, known, means);
  const scope = article && scopeAround(article);
  if (!article || !scope) return { page: null, hidden: await means.pace(hiddenBody(page)) };
  const size = sizeOf(scope.root, known.roots);
  const { blocks, hidden } = await means.pace(gatherBlocks(scope));
  return { page: pageOf({ ...article, url }, scope, size, blocks), hidden };
}

/** Some pages are hidden whole until their scripts are there. */
function* hiddenBody({ body }: Document): Steps<Element[]> {
  return body && !isShown(body) ? yield* withMuch([body], isNever) : [];
}

type Addressed = Article & { url: string };

function pageOf(article: Addressed, scope: Scope, size: number, gathered: Block[]): PageText | null {
  const titleBlock = gathered.find(({ element }) => element === scope.heading) ?? null;
  const bylineAt = findByline(gathered, article.byline);
  const others = gathered.filter((block) => block !== titleBlock && block !== bylineAt?.whole);
  const blocks = within(others, ({ mapped }) => mapped.text);
  if (blocks.length === 0) return null;
  const title = titleBlock?.mapped ?? null;
  const byline = bylineAt?.mapped ?? null;
  const { root } = scope;
  return { sent: sentOf(article, title, blocks), title, byline, blocks, root, size, story: article.story };
}

/** Characters of text, hidden ones too, in an element and in shadow roots. */
export function sizeOf(root: Element, roots: readonly ShadowRoot[]): number {
  return [pastFields(root), ...roots].reduce((sum, { textContent }) => sum + (textContent?.length ?? 0), 0);
}

interface FoundByline {
  mapped: MappedText;
  /** The block, where it is the byline to the letter: it is then not sent a second time. Any more may credit an AI. */
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
  return { mapped, whole: block.mapped.text === wanted ? block : null };
}

function sentOf(article: Addressed, title: MappedText | null, blocks: Block[]): SentPage {
  return {
    url: article.url,
    title: (title?.text ?? article.title).slice(0, LONGEST_LINE),
    ...(article.byline && { byline: article.byline.replace(/\s+/g, " ").slice(0, LONGEST_LINE) }),
    ...(isWord(article.published) && { published: article.published }),
    ...(isWord(article.lang) && { lang: article.lang }),
    blocks: blocks.map(({ mapped, role }) => ({ text: mapped.text, role })),
  };
}

function isWord(text: string | null): text is string {
  return !!text && text.length <= LONGEST_WORD;
}

/** As many of them, from the first on, as one page may have. */
export function within<T>(parts: T[], textIn: (part: T) => string): T[] {
  let total = 0;
  return parts.slice(0, MOST_BLOCKS).filter((part) => {
    total += textIn(part).length;
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
