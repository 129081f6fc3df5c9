// @vitest-environment jsdom
import { expect, test } from "vitest";
import { pastFields } from "../../src/content/fields";

test("a form is asked past the fields that have the names of its properties", () => {
  const form = document.createElement("form");
  form.className = "search";
  form.append("Words.");
  for (const name of ["localName", "getAttribute", "hasAttributes", "childNodes", "textContent"])
    Object.defineProperty(form, name, { value: document.createElement("select") });
  const own = pastFields(form);
  expect([own.localName, own.textContent, own.childNodes.length]).toEqual(["form", "Words.", 1]);
  expect([own.getAttribute("class"), own.hasAttributes()]).toEqual(["search", true]);
});

test("any other element is asked itself", () => {
  const element = document.createElement("p");
  expect(pastFields(element)).toBe(element);
});
