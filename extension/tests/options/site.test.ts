import { expect, test } from "vitest";
import { typedSite } from "../../src/options/render";
import { pauseOver, siteOf, USUAL } from "../../src/shared/preferences";

test.each([
  ["news.example", "news.example"],
  [" WWW.News.example ", "news.example"],
  ["https://www.news.example/story?a=1#b", "news.example"],
  ["localhost:8000", "localhost"],
  ["münchen.example", "xn--mnchen-3ya.example"],
  ["not a site", null],
  ["", null],
  ["https://", null],
])("a person who types %j means %j", (typed, site) => {
  expect(typedSite(typed)).toBe(site);
});

test("a pause covers the site and what stands below it, and nothing that only looks like it", () => {
  const preferences = { ...USUAL, paused: ["news.example"] };
  expect(pauseOver("news.example", preferences)).toBe("news.example");
  expect(pauseOver("sport.news.example", preferences)).toBe("news.example");
  expect(pauseOver("fakenews.example", preferences)).toBeNull();
  expect(pauseOver(null, preferences)).toBeNull();
  expect(siteOf("https://www.news.example/a")).toBe("news.example");
});
