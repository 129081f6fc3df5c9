// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { shadowRoots } from "../../src/content/composed";
import { sizeOf } from "../../src/content/page";
import { atOnce } from "../../src/content/slices";

function addBox(name: string, text: string): ShadowRoot {
  const box = document.createElement(name);
  const root = box.attachShadow({ mode: "open" });
  root.append(text);
  document.body.append(box);
  return root;
}

afterEach(() => document.body.replaceChildren());

test("what Telltale itself shows counts for nothing", () => {
  const page = addBox("x-story", "Words of the page.");
  const before = sizeOf(document.body, atOnce(shadowRoots(document)));
  addBox("telltale-badge", "Words of the badge.");
  expect(atOnce(shadowRoots(document))).toEqual([page]);
  expect(sizeOf(document.body, atOnce(shadowRoots(document)))).toBe(before);
});

test("shadow roots are found in each other, whatever elements have them", () => {
  const outer = addBox("x-outer", "");
  const inner = document.createElement("section");
  outer.append(inner);
  const root = inner.attachShadow({ mode: "open" });
  const items = document.createElement("ul");
  items.append(document.createElement("x-item"));
  root.append(items);
  const last = items.firstElementChild?.attachShadow({ mode: "open" });
  expect(atOnce(shadowRoots(document))).toEqual([outer, root, last]);
});
