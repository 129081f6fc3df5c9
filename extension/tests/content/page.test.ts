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

async function readOf(markup: string): Promise<PageText | null> {
  return (await readPage(load(markup), { before: null, roots: [] }, MEANS)).page;
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
    expect((await readPage(document, { before: null, roots: [] }, MEANS)).page).toBeNull();
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

describe("beside the blocks", () => {
  const words = "The council met again on Thursday and spoke about the bridge for three hours. ".repeat(8).trim();

  function readAbout(head: string, line: string, html = ""): Promise<PageText | null> {
    return readOf(
      `<html ${html}><title>Council meets again</title><meta property="og:type" content="article">${head}
        <body><article><h1>Council meets again</h1><p>${line}</p><p>${words}</p></article></body></html>`,
    );
  }

  const AUTHOR = '<meta name="author" content="Jane Smith">';

  test("a byline is not sent a second time", async () => {
    const page = await readAbout(AUTHOR, "<span>Jane Smith</span>");
    expect(page?.sent).toMatchObject({ byline: "Jane Smith", blocks: [{ text: words }] });
  });

  test("a line that says more than the author's name is read", async () => {
    const line = "By Jane Smith (AI-assisted)";
    const page = await readAbout(AUTHOR, `By <a href="/smith">Jane Smith</a> (AI-assisted)`);
    expect(page?.sent).toMatchObject({ byline: "Jane Smith", blocks: [{ text: line }, { text: words }] });
    expect(page && placed(page, note(page, line))).toBe(line);
  });

  test("a date and a language that the daemon would refuse are not sent", async () => {
    const dated = (date: string) => `<meta property="article:published_time" content="${date}">`;
    const kept = await readAbout(dated("2026-11-24T13:00:00Z"), "The date is given.", 'lang="en-GB"');
    expect(kept?.sent).toMatchObject({ published: "2026-11-24T13:00:00Z", lang: "en-GB" });
    const template = dated("{{ published }} ".repeat(9));
    const page = await readAbout(template, "The date is a template.", `lang="${"en-".repeat(40)}"`);
    expect(page?.sent.blocks.length).toBe(2);
    expect(page?.sent).not.toHaveProperty("published");
    expect(page?.sent).not.toHaveProperty("lang");
  });
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
  const { page: read } = await readPage(page, { before: null, roots }, MEANS);
  expect(read?.size).toBe(sizeOf(read?.root ?? page.body, roots));
});

describe("text that is hidden, and may be shown,", () => {
  const words = "The council met again on Thursday and spoke about the bridge for three hours. ".repeat(8);
  const styles = ".off{display:none}.unseen{visibility:hidden}.sr{position:absolute;clip:rect(0,0,0,0)}";

  /** The ids of what is told to be hidden on a page. */
  async function hiddenOn(body: string, attributes = ""): Promise<string[]> {
    const head = `<title>Council meets again</title><meta property="og:type" content="article"><style>${styles}</style>`;
    const page = load(`${head}<body id="body" ${attributes}>${body}</body>`);
    const { hidden } = await readPage(page, { before: null, roots: [] }, MEANS);
    return hidden.map(({ id }) => id);
  }

  function story(rest: string, behind = ""): string {
    return `<main id="main"><article><h1>Council meets again</h1><p>${words}</p>${rest}</article>${behind}</main>`;
  }

  test("is told of once, by the outermost element", async () => {
    const rest = `<div id="rest" class="off"><p class="off">${words}</p><p>${words}</p></div>`;
    expect(await hiddenOn(story(`${rest}<p id="last" class="unseen">${words}</p>`))).toEqual(["rest", "last"]);
  });

  test("is all that would be read where the body is hidden, and the body itself where that is no article", async () => {
    expect(await hiddenOn(story(""), 'class="unseen"')).toEqual(["main"]);
    expect(await hiddenOn(`<p>${words.slice(0, 50)}</p>`, 'class="unseen"')).toEqual(["body"]);
  });

  test("is not what belongs to no article, what is for screen readers alone, and what is little", async () => {
    const line = words.slice(0, 60);
    const behind = `<div class="related off">${line}</div><div role="dialog" class="off">${line}</div>`;
    const little = `<p class="off">Read on</p><div class="off"><svg>${words}</svg></div><p class="sr">${words}</p>`;
    expect(await hiddenOn(story(little, behind))).toEqual([]);
  });

  test("is not what stands far from the article", async () => {
    const line = `<p>${words.slice(0, 60)}</p>`;
    const behind = (lines: number) =>
      `<div class="supplemental">${line.repeat(lines)}</div><div id="it" class="supplemental off">${line}</div>`;
    expect(await hiddenOn(story("", behind(3)))).toEqual(["it"]);
    expect(await hiddenOn(story("", behind(30)))).toEqual([]);
  });
});

describe("a form whose fields have the names of its properties", () => {
  /** As browsers do it, and jsdom does not: its own selectors would stumble over more names than these. */
  function shadow(form: Element): void {
    const field = document.createElement("select");
    form.append(field);
    for (const name of "matches closest hasAttributes querySelectorAll textContent style".split(" "))
      Object.defineProperty(form, name, { value: field });
  }

  test.each(["inside the article", "around the article"])("is read past, %s", async (where) => {
    load(file("leak.html"));
    const form = document.createElement("form");
    if (where === "inside the article") document.querySelector("article p")?.after(form);
    else {
      const article = document.querySelector("article");
      article?.before(form);
      if (article) form.append(article);
    }
    shadow(form);
    const { page } = await readPage(document, { before: null, roots: [] }, MEANS);
    expect(page && texts(page).at(-1)).toMatch(/^This rewrite keeps/);
  });
});
