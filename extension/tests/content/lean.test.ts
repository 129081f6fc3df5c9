// @vitest-environment jsdom
import { Readability } from "@mozilla/readability";
import fc from "fast-check";
import { JSDOM } from "jsdom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PageServer, servePages } from "../../../tests/e2e/server";
import { findArticle } from "../../src/background/article";
import { shadowRoots, withAncestors } from "../../src/content/composed";
import { BYLINE, LeanWriter, LIKELY, UNLIKELY, UNLIKELY_ROLES } from "../../src/content/lean";
import { Writer, writePage } from "../../src/content/markup";
import { atOnce } from "../../src/content/slices";
import type { Finding } from "../../src/protocol/article";

const WORDS = "The council met again on Thursday, and spoke about the bridge for three hours. ".repeat(8);

function load(markup: string): void {
  const { documentElement } = new JSDOM(markup).window.document;
  document.replaceChild(document.importNode(documentElement, true), document.documentElement);
}

/** What is found, its places told by elements that both ways of writing have in common. */
function found(writer: Writer, shortest: number): { finding: unknown; length: number } {
  const { markup, live, cut } = atOnce(writePage(document, writer));
  const finding: Finding = findArticle({ markup, shortest, cut });
  const all = new Map([...document.querySelectorAll("*")].map((element, index) => [element, index]));
  const placed =
    finding !== null && finding !== "needs-whole" && finding.kept.map((at) => all.get(live[at] as Element));
  return { finding: placed ? { ...finding, kept: placed } : finding, length: markup.length };
}

/** How much of the markup is left; null where the whole was needed. */
function compared(shortest: number): number | null {
  const holders = withAncestors(atOnce(shadowRoots(document)).map(({ host }) => host));
  const whole = found(new Writer(new Set()), shortest);
  const lean = found(new LeanWriter(new Set(), holders), shortest);
  if (lean.finding === "needs-whole") return null;
  expect(lean.finding).toEqual(whole.finding);
  return lean.length / whole.length;
}

test("the words for what is stripped are Readability's own", () => {
  const { REGEXPS, UNLIKELY_ROLES: roles } = Readability.prototype as unknown as {
    REGEXPS: Record<"unlikelyCandidates" | "okMaybeItsACandidate" | "byline", RegExp>;
    UNLIKELY_ROLES: string[];
  };
  expect([UNLIKELY, LIKELY, BYLINE]).toEqual([
    REGEXPS.unlikelyCandidates,
    REGEXPS.okMaybeItsACandidate,
    REGEXPS.byline,
  ]);
  expect(UNLIKELY_ROLES).toEqual(roles);
});

describe("the article is the one that the whole markup gives", () => {
  let pages: PageServer;

  beforeAll(async () => {
    pages = await servePages();
  });

  afterAll(() => pages.stop());

  async function get(path: string): Promise<string> {
    const { port } = new URL(pages.url(""));
    return (await fetch(`http://127.0.0.1:${port}/${path}`)).text();
  }

  test("on every test page", async () => {
    const paths = [...(await get("")).matchAll(/href=["']\/([^"']+\.html)/g)].map(([, path]) => path ?? "");
    expect(paths).toContain("awkward/huge.html");
    for (const path of paths) {
      load(await get(path));
      const share = compared(60);
      if (path === "awkward/huge.html") expect(share).toBeLessThan(0.1);
      else compared(400);
    }
  }, 120_000);

  test("where what is stripped is shown by shadow roots", () => {
    load(`<body><article><p>${WORDS}</p></article><aside class="sidebar"><div></div><p>B</p></aside></body>`);
    const root = document.querySelector("aside div")?.attachShadow({ mode: "open" });
    root?.append(document.createElement("h1"));
    expect(compared(400)).toBe(1);
  });

  test("where headings that may be the title stand in what is stripped, in one another too", () => {
    const headings = `<h2><div hidden><h1>${WORDS.slice(0, 60)}</h1></div></h2>`;
    const comments = `<div id="comments">${headings}${"<p>A comment.</p>".repeat(50)}</div>`;
    load(`<head><title>Council</title></head><body>${comments}<article><p>${WORDS}</p></article></body>`);
    expect(compared(400)).toBeLessThan(0.7);
  });

  test("on pages of any build", () => {
    let lean = 0;
    fc.assert(
      fc.property(PAGE, (markup) => {
        load(markup);
        if ((compared(60) ?? 1) < 1) lean += 1;
      }),
      { numRuns: Number(process.env.RUNS ?? 60) },
    );
    expect(lean).toBeGreaterThan(0);
  }, 120_000);
});

const STRIPPED = ["comments", "sidebar", "related", "social-links", "footer", "comment author", "menu byline"];
const KEPT = ["story", "content", "page", "sidebar-content", "author", "byline", "share"];
const NAMES = fc.oneof(fc.constantFrom(...STRIPPED), fc.constantFrom(...KEPT));
const MARKS = ["hidden", "style='display:none'", "aria-hidden='true'", "role='navigation'", "itemprop='author'"];
const ATTRIBUTES = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 3, arbitrary: NAMES.map((name) => ` class='${name}'`) },
  { weight: 1, arbitrary: NAMES.map((name) => ` id='${name}'`) },
  { weight: 1, arbitrary: fc.constantFrom(...MARKS).map((mark) => ` ${mark}`) },
);
const TEXT = fc.constantFrom(
  "Mara Holt",
  WORDS.slice(0, 60),
  WORDS.slice(0, 200),
  WORDS,
  "Council meets",
  "<br><br>",
  " ",
);
const OUTER = "div section aside nav footer header ul li article main form table blockquote span a h1 h2 h3 p".split(
  " ",
);

const { part } = fc.letrec<{ part: string; element: string }>((tie) => ({
  part: fc.oneof({ maxDepth: 6, depthSize: "medium" }, TEXT, tie("element")),
  element: fc
    .tuple(fc.constantFrom(...OUTER), ATTRIBUTES, fc.array(tie("part"), { maxLength: 4, depthIdentifier: "parts" }))
    .map(([name, attributes, parts]) => `<${name}${attributes}>${parts.join("")}</${name}>`),
}));

const PAGE = fc
  .tuple(
    fc.constantFrom("Council", "Paper: Council meets", WORDS.slice(0, 60)),
    ATTRIBUTES,
    ATTRIBUTES,
    fc.array(part, { minLength: 3, maxLength: 10 }),
  )
  .map(
    ([title, html, body, parts]) =>
      `<html${html}><head><title>${title}</title></head><body${body}>${parts.join("")}</body></html>`,
  );
