// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { findArticle } from "../../src/background/article";
import { writePage } from "../../src/content/markup";
import { atOnce } from "../../src/content/slices";

const WORDS = "The council met again on Thursday, and spoke about the bridge for three hours. ".repeat(8);

function written(): string {
  return atOnce(writePage(document, new Set())).markup;
}

beforeEach(() => {
  document.head.replaceChildren();
  document.body.replaceChildren();
  document.documentElement.lang = "en";
});

test("a title, in however many parts, and what the head says of it are cut", () => {
  const title = document.createElement("title");
  for (let part = 0; part < 5; part++) title.append("word ".repeat(180));
  const meta = document.createElement("meta");
  meta.content = "a".repeat(5000);
  document.head.append(title, meta);
  const markup = written();
  expect(/<title[^>]*>(.*)<\/title>/.exec(markup)?.[1]).toHaveLength(1000);
  expect(/content="(a*)"/.exec(markup)?.[1]).toHaveLength(1000);
});

test("a style is written only where it hides, and half a declaration breaks nothing", () => {
  document.body.innerHTML = `<article><p style="display">${WORDS}</p><p style="color:red">${WORDS}</p>
    <p style="display: none !important">A.</p><p style="visibility:hidden">B.</p></article>`;
  const markup = written();
  expect(markup.match(/style="[^"]*"/g)).toEqual(['style="display:none"', 'style="visibility:hidden"']);
  expect(findArticle({ markup, shortest: 400 })).not.toBeNull();
});

test("only what Readability asks for is written", () => {
  document.head.innerHTML = `<script type="application/ld+json">{"@type":"NewsArticle"}</script>
    <script type="application/ld+json">{"@type":"Organization"}</script>`;
  document.body.innerHTML = `<constructor class="a"></constructor><p lang="fr" type="a">1 &lt; 2 &amp; "3" > 2<img alt="x"></p>`;
  const markup = written();
  expect(markup).toMatch(/^<html lang="en">/);
  expect(markup).toContain('<script type="application/ld+json"');
  expect(markup).not.toContain("Organization");
  expect(markup).toContain('<constructor class="a"></constructor>');
  expect(markup).toMatch(/<p n="\d+">1 &lt; 2 &amp; "3" > 2<\/p>/);
});
