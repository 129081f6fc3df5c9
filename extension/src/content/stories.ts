/**
 * Pages that load the next story below the one that was opened. Each is an article with a headline of its own; one of
 * them is the page that its address names.
 */

/** A shorter article element is a comment, a teaser or an update. */
const SHORTEST_STORY = 1500;

export function storiesOf(page: Document): Element[] {
  const stories = [...page.querySelectorAll("article, [itemprop~=articleBody]")].filter(isStory);
  return stories.filter((story) => !stories.some((other) => other !== story && other.contains(story)));
}

function isStory(element: Element): boolean {
  return element.querySelector("h1") !== null && (element.textContent?.length ?? 0) >= SHORTEST_STORY;
}

/** The story to read: the one read before while its address stands, else the one in the middle of the window. */
export function currentOf(stories: Element[], before: Element | null): Element | null {
  if (before && stories.includes(before)) return before;
  const middle = innerHeight / 2;
  return stories.reduce<Element | null>(
    (best, story) => (best && distance(best, middle) <= distance(story, middle) ? best : story),
    null,
  );
}

function distance(story: Element, middle: number): number {
  const { top, bottom } = story.getBoundingClientRect();
  return Math.max(top - middle, middle - bottom, 0);
}
