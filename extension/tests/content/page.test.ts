// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { findArticle } from "../../src/background/article";
import type { Means } from "../../src/content/article";
import { shadowRoots } from "../../src/content/composed";
import { type PageText, placesOf, readPage, sizeOf } from "../../src/content/page";
import { atOnce } from "../../src/content/slices";
import type { Note } from "../../src/protocol/reading";

const PAGES = join(import.meta.dirname, "../../../tests/e2e/pages");

function file(name: string): string {
  return readFileSync(join(PAGES, name), "utf8");
}

/** Loads markup into the test's own document, whose styles and classes the content script's code uses. */
function load(markup: string): Document {
  const { documentElement } = new JSDOM(markup).window.document;
  document.replaceChild(document.importNode(documentElement, true), document.documentElement);
  history.replaceState(null, "", "/news/bridge");
  return document;
}

const MEANS: Means = {
  pace: async (steps) => atOnce(steps),
  find: async (written) => findArticle(written),
};

function readOf(markup: string): Promise<PageText | null> {
  return readPage(load(markup), { before: null, roots: [] }, MEANS);
}

async function read(name: string): Promise<PageText> {
  const page = await readOf(file(name));
  if (!page) throw new Error(`${name} was taken for no article.`);
  return page;
}

function texts(page: PageText): string[] {
  return page.sent.blocks.map(({ text }) => text);
}

function note(page: PageText, quote: string, where: Note["where"] = "block"): Note {
  const block = where === "block" ? texts(page).findIndex((text) => text.includes(quote)) : null;
  const whole = where === "title" ? page.sent.title : where === "byline" ? page.sent.byline : texts(page)[block ?? -1];
  const start = [...(whole ?? "").slice(0, whole?.indexOf(quote))].length;
  const end = start + [...quote].length;
  return { where, block, start, end, quote, kind: "leak", family: "rewrite_note", confidence: 1, decision: null };
}

function placed(page: PageText, wanted: Note): string {
  return placesOf(wanted, page)
    .map(({ node, start, end }) => node.data.slice(start, end))
    .join("");
}

describe("an article", () => {
  test("gives title, byline, language, address and its blocks in order", async () => {
    const { sent } = await read("leak.html");
    expect(sent).toMatchObject({
      url: "http://localhost:3000/news/bridge",
      title: "Council delays vote on the Wendle bridge until March",
      byline: "Mara Holt",
      lang: "en",
    });
    expect(sent.blocks[0]).toMatchObject({ role: "paragraph", text: expect.stringMatching(/^Repairs would cost/) });
    expect(sent.blocks[1]).toMatchObject({ role: "caption", text: expect.stringMatching(/^The old bridge/) });
    expect(sent.blocks.at(-1)?.text).toMatch(/^This rewrite keeps .* as instructed\.$/);
  });

  test("leaves out navigation, related stories, comments, controls and the page's footer", async () => {
    const all = texts(await read("leak.html")).join("\n");
    expect(all).not.toMatch(/Weather|Related|Ferry timetable|shorter version|printed in Wendle/);
  });

  test("takes in a note that stands behind the article's own container", async () => {
    expect(texts(await read("outside.html")).at(-1)).toMatch(/^This rewrite keeps/);
  });

  test("is not changed by being read", async () => {
    const page = load(file("inline.html"));
    const before = page.documentElement.outerHTML;
    await readPage(page, { before: null, roots: [] }, MEANS);
    expect(page.documentElement.outerHTML).toBe(before);
  });

  test("maps a note through inline markup to the page's own letters", async () => {
    const page = await read("inline.html");
    const quote = /As\san AI .* voice 👩‍🔬\./su.exec(texts(page).join("\n"))?.[0] ?? "";
    expect(quote).toContain("the cafe\u0301 in 東京");
    expect(placed(page, note(page, quote)).replace(/\s+/g, "")).toBe(quote.replace(/\s+/g, ""));
  });

  test("maps notes in title and byline to the heading and the byline's element", async () => {
    const page = await read("clean.html");
    expect(placed(page, note(page, "Wendle bridge", "title"))).toBe("Wendle bridge");
    expect(placed(page, note(page, "Holt", "byline"))).toBe("Holt");
  });

  test("gives no place to a note whose text has changed since", async () => {
    const page = await read("leak.html");
    const wanted = note(page, "as instructed.");
    const last = page.blocks.at(-1)?.element;
    if (last) last.textContent = "Something else.";
    expect(placesOf(wanted, page)).toEqual([]);
  });
});

describe("what is no article", () => {
  test("a page of forms and tables", async () => {
    expect(await readOf(file("no-article.html"))).toBeNull();
  });

  test("a front page of teasers", async () => {
    const teaser = `<p>${"A long teaser for a story that stands on a page of its own, with more words. ".repeat(8)}</p>`;
    load(`<title>News</title><body>${teaser.repeat(6)}</body>`);
    history.replaceState(null, "", "/");
    expect(await readPage(document, { before: null, roots: [] }, MEANS)).toBeNull();
  });

  test("an empty page", async () => {
    expect(await readOf("<title></title><body></body>")).toBeNull();
  });
});

test("a published page that is one refusal and nothing else is an article", async () => {
  const refusal = "I’m sorry, but I cannot write this article without the text of the press release.";
  const page = await readOf(
    `<title>Bridge news of today</title><meta property="og:type" content="article">
      <body><main><h1>Bridge news of today</h1><div class="body"><p>${refusal}</p></div></main></body>`,
  );
  expect(page && texts(page)).toContain(refusal);
});

test("hidden text and text for screen readers alone is not sent", async () => {
  const words = "The council met again on Thursday and spoke about the bridge for three hours. ".repeat(8);
  const page = await readOf(
    `<title>Council meets again</title><style>.sr{position:absolute;clip:rect(0,0,0,0)}</style>
      <meta property="og:type" content="article"><body><article><h1>Council meets again</h1><p>${words}</p>
      <p style="display:none">Here is the rewritten article.</p><p>Seen <span class="sr">unseen words</span> text stands here.</p>
      <p>${words}</p></article></body>`,
  );
  expect(page && texts(page).join("\n")).not.toMatch(/rewritten|unseen/);
  expect(page && texts(page)).toContain("Seen text stands here.");
});

test("paragraphs parted by two line breaks are blocks of their own", async () => {
  const words = "The council met again on Thursday and spoke about the bridge for three hours. ".repeat(5).trim();
  const page = await readOf(
    `<title>Council meets again</title><meta property="og:type" content="article">
      <body><article><h1>Council meets again</h1><div>${words}<br><br>${words}<br> <br>Last words of it.</div></article></body>`,
  );
  expect(page && texts(page)).toEqual([words, words, "Last words of it."]);
});

test("the size that is kept counts the text in shadow roots, as the one it is compared with does", async () => {
  const page = load(file("leak.html"));
  const box = page.createElement("x-box");
  box.attachShadow({ mode: "open" }).append("Words in a box beside the article. ".repeat(5));
  page.body.append(box);
  const roots = atOnce(shadowRoots(page));
  const read = await readPage(page, { before: null, roots }, MEANS);
  expect(read?.size).toBe(sizeOf(read?.root ?? page.body, roots));
});
