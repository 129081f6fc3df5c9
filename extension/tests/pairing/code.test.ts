import { expect, test } from "vitest";
import { fromFragment, tidyCode, tidyPort } from "../../src/pairing/code";

test.each([
  ["k7qm 3xwp", "K7QM-3XWP"],
  [" K7QM-3XWP\n", "K7QM-3XWP"],
  ["k7qm3xw", null],
  ["k7qm3xwp9", null],
  ["", null],
])("the code %j is %j", (typed, code) => {
  expect(tidyCode(typed)).toBe(code);
});

test.each([
  ["", undefined],
  [" 9001 ", 9001],
  ["0", null],
  ["65536", null],
  ["80a", null],
  ["-1", null],
])("the port %j is %j", (typed, port) => {
  expect(tidyPort(typed)).toBe(port);
});

test("code and port of an address", () => {
  expect(fromFragment("#code=K7QM-3XWP&port=9001")).toEqual({ code: "K7QM-3XWP", port: "9001" });
  expect(fromFragment("#code=K7QM-3XWP")).toEqual({ code: "K7QM-3XWP", port: "" });
  expect(fromFragment("#port=9001")).toBeNull();
});
