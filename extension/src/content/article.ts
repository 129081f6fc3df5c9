// The package itself would bring all of Readability into every page.
import isProbablyReaderable from "@mozilla/readability/Readability-readerable.js";
import type { Finding, Found, Written } from "../protocol/article";
import { withAncestors } from "./composed";
import { LeanWriter } from "./lean";
import { Writer, writePage } from "./markup";
import type { Pace } from "./slices";
import { currentOf, storiesOf } from "./stories";

/** Whether a page is an article, and which of its live elements hold it. */

export interface Article {
  title: string;
  byline: string | null;
  published: string | null;
  lang: string | null;
  /** The live elements whose text Readability kept. */
  kept: Set<Element>;
  /** The one that was read, on a page of several stories. */
  story: Element | null;
  /** Other stories on the page, which are pages of their own. */
  others: ReadonlySet<Element>;
}

/** How a page is read: at which pace, and who looks for the article in what was written down. */
export interface Means {
  pace: Pace;
  find: (written: Written) => Promise<Finding>;
}

/** A page that calls itself an article may be a single sentence: whole pages are published that are one refusal. */
const SHORTEST_DECLARED = 60;
const SHORTEST_OTHER = 400;
/** Readability's time grows with the elements; beyond this a page is an application or an archive. */
const MOST_ELEMENTS = 40_000;

/** What is known of a page before it is read. */
export interface Known {
  /** The story that an earlier reading of the same address was of. */
  before: Element | null;
  /** All its shadow roots. */
  roots: readonly ShadowRoot[];
}

export async function readArticle(page: Document, { before, roots }: Known, means: Means): Promise<Article | null> {
  if (page.getElementsByTagName("*").length > MOST_ELEMENTS) return null;
  const declared = declaresArticle(page);
  if (!declared && !mayBeArticle(page, roots)) return null;
  const stories = chooseStory(page, before);
  const shortest = declared ? SHORTEST_DECLARED : SHORTEST_OTHER;
  const found = await findIn(page, writersFor(stories.others, roots), shortest, means);
  return found && { ...completed(found, page), kept: standing(found.kept, found.live), ...stories };
}

/** The shorter way to write a page down, and the one that always tells. */
function writersFor(others: ReadonlySet<Element>, roots: readonly ShadowRoot[]): Writer[] {
  const holders = withAncestors([...others, ...roots.map(({ host }) => host)]);
  return [new LeanWriter(others, holders), new Writer(others)];
}

type FoundIn = Found & { live: readonly Element[] };

async function findIn(page: Document, writers: Writer[], shortest: number, means: Means): Promise<FoundIn | null> {
  for (const writer of writers) {
    const { markup, live, cut } = await means.pace(writePage(page, writer));
    const found = await means.find({ markup, shortest, cut });
    if (found !== "needs-whole") return found && { ...found, live };
  }
  return null;
}

/** The quick look does not see into shadow roots. */
function mayBeArticle(page: Document, roots: readonly ShadowRoot[]): boolean {
  return !isFrontPage(page) && (isProbablyReaderable(page) || roots.length > 0);
}

function chooseStory(page: Document, before: Element | null): Pick<Article, "story" | "others"> {
  const stories = storiesOf(page);
  const story = stories.length > 1 ? currentOf(stories, before) : null;
  return { story, others: new Set(story ? stories.filter((one) => one !== story) : []) };
}

function completed({ title, byline, published, lang }: Found, page: Document): Omit<Found, "kept"> {
  return {
    title: title || page.title.trim(),
    byline,
    published: published ?? page.querySelector("time[datetime]")?.getAttribute("datetime") ?? null,
    lang: lang ?? (page.documentElement.lang || null),
  };
}

/** The page may have changed while it was read. */
function standing(places: readonly number[], live: readonly Element[]): Set<Element> {
  return new Set(places.flatMap((place) => live[place] ?? []).filter((element) => element.isConnected));
}

function declaresArticle(page: Document): boolean {
  const type = page.querySelector("meta[property='og:type']")?.getAttribute("content");
  if (type?.toLowerCase() === "article") return true;
  if (page.querySelector("[itemprop~=articleBody], meta[property='article:published_time']")) return true;
  return [...page.querySelectorAll("script[type='application/ld+json']")].some(namesArticle);
}

function namesArticle(script: Element): boolean {
  return /"@type"\s*:\s*(\[[^\]]*)?"[A-Za-z]*(Article|BlogPosting|Report)"/.test(script.textContent ?? "");
}

/** A front page is made of teasers, each another page's text. */
function isFrontPage(page: Document): boolean {
  return page.location?.pathname === "/";
}
