import { expect, test } from "vitest";
import { addressOf, isOtherPage, sentAddressOf } from "../../src/content/address";

test.each([
  ["https://news.example/a#comments", "https://news.example/a"],
  ["https://news.example/a?page=2", "https://news.example/a?page=2"],
  ["https://news.example/#/story/7", "https://news.example/#/story/7"],
  ["https://news.example/#!story", "https://news.example/#!story"],
])("of %s is %s", (href, address) => {
  expect(addressOf(new URL(href))).toBe(address);
});

test("is sent as far as the daemon takes one, which is never longer than servers do", () => {
  const address = "https://news.example/a";
  expect(sentAddressOf(new URL(`${address}?page=2`))).toBe(`${address}?page=2`);
  expect(sentAddressOf(new URL(`${address}?page=2#!${"state".repeat(2000)}`))).toBe(address);
});

test.each([
  ["?utm_source=feed&id=5&utm_medium=rss", "?id=5"],
  ["?fbclid=abc", ""],
  ["?a=1&b=2#/story/7", "?b=2#/story/7"],
])("with parameters taken out is that of the same page: %s to %s", (before, now) => {
  expect(isOtherPage(`https://news.example/a${before}`, `https://news.example/a${now}`)).toBe(false);
});

test.each([
  ["/a?id=5", "/a?id=6"],
  ["/a", "/a?id=5"],
  ["/a?id=5", "/b"],
  ["/a?id=5#/story/7", "/a#/story/8"],
])("is that of another page with any other change: %s to %s", (before, now) => {
  expect(isOtherPage(`https://news.example${before}`, `https://news.example${now}`)).toBe(true);
});
