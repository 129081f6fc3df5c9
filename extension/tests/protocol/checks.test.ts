import { expect, test } from "vitest";
import { asReading } from "../../src/protocol/checks";
import { note, reading } from "../readings";

test("a reading is taken over as it is", () => {
  expect(asReading({ ...reading("undisclosed", 2), sentences: 41, possible: [], page_id: 57 })).toMatchObject(
    reading("undisclosed", 2),
  );
});

test.each([
  ["no object", "text"],
  ["an unknown verdict", { ...reading("none"), verdict: "guilty" }],
  ["no notes", { verdict: "none" }],
  ["a note with half an offset", { ...reading("none"), notes: [{ ...note(), start: 0.5 }] }],
  ["a note with a negative offset", { ...reading("none"), notes: [{ ...note(), end: -1 }] }],
  ["a note without a quote", { ...reading("none"), notes: [{ ...note(), quote: null }] }],
  ["a note of no kind", { ...reading("none"), notes: [{ ...note(), kind: "lie" }] }],
])("%s is no reading", (_name, value) => {
  expect(asReading(value)).toBeNull();
});

test("a family of a newer daemon is told as the broad one of its kind", () => {
  const notes = [note({ family: "brand_new" as never }), note({ kind: "disclosure", family: "brand_new" as never })];
  expect(asReading({ ...reading("none"), notes })?.notes.map(({ family }) => family)).toEqual([
    "other_leak",
    "ai_assisted",
  ]);
});
