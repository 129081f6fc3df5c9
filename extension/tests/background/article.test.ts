import { describe, expect, test } from "vitest";
import { findArticle as find } from "../../src/background/article";
import type { Finding } from "../../src/protocol/article";

const WORDS = "The council met again on Thursday, and spoke about the bridge for three hours. ".repeat(8);

function findArticle(written: { markup: string; shortest: number }): Finding {
  return find({ ...written, cut: false });
}

function page(body: string, head = ""): string {
  return `<html lang="en"><head><title>Council meets again</title>${head}</head><body>${body}</body></html>`;
}

test("the places of the elements that hold the article are told, with what the page says of it", () => {
  const head = '<meta name="author" content="Mara Holt"/>';
  const nav = '<nav><a n="0">Weather</a></nav>';
  const found = findArticle({
    markup: page(`${nav}<article><p n="1">${WORDS}</p><p n="2">${WORDS}</p></article>`, head),
    shortest: 400,
  });
  expect(found).toMatchObject({ title: "Council meets again", byline: "Mara Holt", lang: "en", kept: [1, 2] });
});

test("text that Readability puts into a paragraph of its own belongs to the element it stood in", () => {
  const body = `<div n="0">${WORDS}<br/><br/>${WORDS}</div>`;
  expect(findArticle({ markup: page(body), shortest: 400 })).toMatchObject({ kept: [0] });
});

test("headings of very many words do not hold the background up", () => {
  const words = (of: string) => Array.from({ length: 150_000 }, (_, i) => of + i).join(" ");
  const body = `<article><h1>${words("a")}</h1><p n="0">${WORDS}</p><h2>${words("b")}</h2></article>`;
  for (const head of ["", `<title>${words("c")}</title>`]) {
    const markup = `<html><head>${head}</head><body>${body}</body></html>`;
    expect(findArticle({ markup, shortest: 400 })).not.toBeNull();
  }
});

test("markup with parts left out is judged only as long as nothing depends on them", () => {
  const shell = '<ol class="comments"><cut>.</cut></ol>';
  const read = (markup: string) => find({ markup, shortest: 400, cut: true });
  const article = `<article><p n="0">${WORDS}</p></article>`;
  expect(read(page(shell + article))).toMatchObject({ kept: [0] });
  expect(read(page(`${shell}<p n="0">Short.</p>`))).toBe("needs-whole");
  expect(read(page(`<div class="byline">Mara Holt ${shell}</div>${article}`))).toBe("needs-whole");
  expect(read(page(shell + article).replace("<body>", '<body hidden="">'))).toBe("needs-whole");
});

describe("no article, and no fault", () => {
  test.each([
    ["too little text", page("<p n='0'>Short.</p>")],
    ["nothing", ""],
    ["elements nested without end", page(`${"<div>".repeat(20_000)}${"</div>".repeat(20_000)}`)],
    ["markup that is broken", `<html><body><p>${WORDS}`],
    ["what is no text", { length: 5 } as unknown as string],
  ])("%s", (_what, markup) => {
    expect(findArticle({ markup, shortest: 400 })).toBeNull();
  });
});
