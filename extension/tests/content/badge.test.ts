// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { Badge } from "../../src/content/badge";
import { viewOfPage } from "../../src/content/view";
import { reading } from "../readings";

const ACTS = { nextNote: vi.fn(), openHistory: vi.fn(), decide: vi.fn(), closed: vi.fn() };

let root: ShadowRoot;
let badge: Badge;
let link: HTMLElement;

function view() {
  return viewOfPage(reading("undisclosed"), () => true);
}

beforeEach(() => {
  const host = document.createElement("div");
  link = document.createElement("button");
  document.body.replaceChildren(host, link);
  root = host.attachShadow({ mode: "open" });
  badge = new Badge(root, ACTS);
  badge.show(view());
  link.focus();
  badge.open();
});

test("what is shown is in the language of its words, what is quoted in the page's", () => {
  document.documentElement.lang = "de";
  badge.show(view());
  badge.open();
  expect(root.querySelector("h2")?.closest("[lang]")?.getAttribute("lang")).toBe("en");
  expect(root.querySelector("blockquote")?.getAttribute("lang")).toBe("de");
});

test("a keyboard in a popover that goes away returns to where it came from", () => {
  badge.show(view());
  expect(document.activeElement).toBe(link);
  badge.open();
  badge.hide();
  expect(document.activeElement).toBe(link);
});

test("a keyboard elsewhere on the page stays there", () => {
  const other = document.createElement("button");
  document.body.append(other);
  other.focus();
  badge.change(view());
  expect(document.activeElement).toBe(other);
  badge.show(view());
  badge.hide();
  expect(document.activeElement).toBe(other);
});

test("a keyboard on the badge stays on it", () => {
  badge.toggle();
  root.querySelector<HTMLElement>(".badge")?.focus();
  badge.show(view());
  expect(root.activeElement?.className).toBe("badge");
});
