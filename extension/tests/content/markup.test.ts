// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { findArticle } from "../../src/background/article";
import { Writer, writePage } from "../../src/content/markup";
import { atOnce } from "../../src/content/slices";

const WORDS = "The council met again on Thursday, and spoke about the bridge for three hours. ".repeat(8);

function written(): string {
  return atOnce(writePage(document, new Writer(new Set()))).markup;
}

beforeEach(() => {
  document.head.replaceChildren();
  document.body.replaceChildren();
  document.documentElement.lang = "en";
});

test("what the head says is cut", () => {
  const meta = document.createElement("meta");
  meta.content = "a".repeat(5000);
  document.head.append(meta);
  expect(/content="(a*)"/.exec(written())?.[1]).toHaveLength(1000);
});

test("a style is written only where it hides, and half a declaration breaks nothing", () => {
  document.body.innerHTML = `<article><p style="display">${WORDS}</p><p style="color:red">${WORDS}</p>
    <p style="display: none !important">A.</p><p style="visibility:hidden">B.</p></article>`;
  const markup = written();
  expect(markup.match(/style="[^"]*"/g)).toEqual(['style="display:none"', 'style="visibility:hidden"']);
  expect(findArticle({ markup, shortest: 400, cut: false })).not.toBeNull();
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
