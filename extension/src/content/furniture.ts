import { pastFields } from "./fields";

/** What on a page is no part of an article: controls, navigation, comments, advertising, other articles. */

/** Never text of the page, wherever it stands. `rt` and `rp` repeat the word they annotate. */
const NEVER =
  "script, style, noscript, template, iframe, object, embed, svg, canvas, video, audio, button, select, textarea, input, option, datalist, dialog, rt, rp";

/** Not the article's, unless the article stands in it. */
const APART =
  "nav, aside, footer, form, article, [role=navigation], [role=complementary], [role=contentinfo], [role=search], [role=dialog], [role=menu], [role=toolbar]";

/** Words in an id or class that name a part of the page which is not the article's. */
const APART_WORDS = new Set(
  (
    "comment comments disqus respond related recommended recommendation recommendations sidebar share sharing social " +
    "newsletter signup subscribe subscription promo promoted cookie cookies consent menu nav navigation navbar " +
    "breadcrumb breadcrumbs footer popular trending advert advertisement advertising sponsored outbrain taboola modal " +
    "popup toolbar pagination paywall masthead"
  ).split(" "),
);

export function isNever(element: Element): boolean {
  return pastFields(element).matches(NEVER);
}

export function isFurniture(element: Element, holdsKept: ReadonlySet<Element>): boolean {
  if (isNever(element)) return true;
  if (holdsKept.has(element)) return false;
  const own = pastFields(element);
  return isApart(own) || namesFurniture(own);
}

/** An article's own footer is where credits and notes on how it was made stand. */
function isApart(element: Element): boolean {
  if (!element.matches(APART)) return false;
  return element.localName !== "footer" || !element.closest("article, main, [role=main]");
}

function namesFurniture(element: Element): boolean {
  const names = `${element.id} ${element.getAttribute("class") ?? ""}`;
  if (names.length < 2) return false;
  return wordsIn(names).some((word) => APART_WORDS.has(word));
}

function wordsIn(names: string): string[] {
  return names
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
}
