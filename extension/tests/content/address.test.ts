import { expect, test } from "vitest";
import { addressOf } from "../../src/content/address";

test.each([
  ["https://news.example/a#comments", "https://news.example/a"],
  ["https://news.example/a?page=2", "https://news.example/a?page=2"],
  ["https://news.example/#/story/7", "https://news.example/#/story/7"],
  ["https://news.example/#!story", "https://news.example/#!story"],
])("of %s is %s", (href, address) => {
  expect(addressOf(new URL(href))).toBe(address);
});
