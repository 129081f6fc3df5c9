// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { type MappedText, partOf, piecesOf, TextCollector, toUtf16 } from "../../src/content/text-map";

/** Collects the text nodes of some markup, `<br>` as a line break. */
function collect(markup: string, preserved = false): MappedText {
  document.body.innerHTML = markup;
  const collector = new TextCollector();
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    if (node instanceof Text) collector.addText(node, preserved);
    else if (node.nodeName === "BR") collector.addLineBreak();
  }
  return collector.take();
}

function textAt(mapped: MappedText, start: number, end: number): string[] {
  return piecesOf(mapped, start, end).map((piece) => piece.node.data.slice(piece.start, piece.end));
}

/** Every code point of the sent text must lead back to the same letters on the page. */
function expectFaithful(mapped: MappedText): void {
  const points = [...mapped.text];
  points.forEach((point, at) => {
    const found = textAt(mapped, at, at + 1).join("");
    if (/\s/.test(point)) expect(found.trim()).toBe("");
    else expect(found).toBe(point);
  });
}

describe("collapsing", () => {
  test("runs of white space become one space and none stands at the ends", () => {
    expect(collect("<p>\n  A  note\n\tof   <b> three </b> words \n</p>").text).toBe("A note of three words");
  });

  test("no-break and other Unicode spaces count as white space", () => {
    expect(collect("12&nbsp;&nbsp;km\u2009now\u3000ここ").text).toBe("12 km now ここ");
  });

  test("a line break that the page shows is kept as one", () => {
    expect(collect("Meta title <br> Keywords").text).toBe("Meta title\nKeywords");
    expect(collect("one\n  two", true).text).toBe("one\ntwo");
    expect(collect("one\n  two").text).toBe("one two");
  });

  test("a word that markup cuts stays one word", () => {
    expect(collect("ur<b>gent</b>ly").text).toBe("urgently");
  });

  test("half a surrogate pair is replaced, and one made of two nodes is left whole", () => {
    expect(collect("a\ud83d b").text).toBe("a\ufffd b");
    document.body.replaceChildren("x\ud83d", "\ude00y");
    const collector = new TextCollector();
    for (const node of document.body.childNodes) collector.addText(node as Text, false);
    expect(collector.take().text).toBe("x😀y");
  });
});

describe("mapping back", () => {
  test.each([
    ["plain", "<p>A plain sentence, no more.</p>"],
    ["emoji and their joiners", "<p>👍🏽 and 👩‍🔬 <b>in 🌉 one</b> line 🗳️</p>"],
    ["combining letters", "<p>cafe\u0301 nai\u0308ve <i>a\u030a</i></p>"],
    ["right to left", "<p>قال <b>الشهود</b> إن הגשר <i>סגור</i></p>"],
    ["Chinese, Japanese and rare ideographs", "<p>東京の<b>橋</b>は𠮷野家 𩸽</p>"],
    ["nested markup, entities and breaks", "<p>a <b>b <i>c&nbsp;<u>d</u></i></b>\n<br> e &amp; f</p>"],
  ])("every letter of %s leads back to itself", (_name, markup) => {
    expectFaithful(collect(markup));
  });

  test("a note is found in each text node it touches, with the white space inside", () => {
    const mapped = collect("Before. <b>This</b>   rewrite <i>keeps\n  all</i> facts. After.");
    expect(mapped.text).toBe("Before. This rewrite keeps all facts. After.");
    expect(textAt(mapped, 8, 37)).toEqual(["This", "   rewrite ", "keeps\n  all", " facts."]);
  });

  test("offsets behind an emoji count code points, not UTF-16 units", () => {
    const mapped = collect("😀😀 <b>note</b>");
    expect(textAt(mapped, 3, 7)).toEqual(["note"]);
  });

  test("a space that a line break made has no place of its own", () => {
    expect(textAt(collect("a<br>b"), 1, 2)).toEqual([]);
  });

  test("offsets past the end are cut, and an empty stretch is empty", () => {
    const mapped = collect("short");
    expect(textAt(mapped, 2, 99)).toEqual(["ort"]);
    expect(textAt(mapped, 3, 3)).toEqual([]);
  });
});

describe("parts", () => {
  test("a part keeps its way back", () => {
    const whole = collect("By 😀 <b>Mara  Holt</b>, Wendle");
    const part = partOf(whole, "Mara Holt");
    expect(part && textAt(part, 0, 9)).toEqual(["Mara  Holt"]);
    expect(part && textAt(part, 5, 9)).toEqual(["Holt"]);
    expect(partOf(whole, "Eric")).toBeNull();
  });
});

test.each([
  ["abc", 2, 2],
  ["a😀b", 2, 3],
  ["😀😀", 2, 4],
  ["abc", 9, 3],
  ["", 0, 0],
])("toUtf16(%j, %i) is %i", (text, points, units) => {
  expect(toUtf16(text, points)).toBe(units);
});
