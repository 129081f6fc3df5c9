import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toUtf16 } from "../../src/content/text-map";
import { tidyCode } from "../../src/pairing/code";
import { asReading } from "../../src/protocol/checks";

/** What both sides must agree on: the same files are read by tests/test_vectors.py. */

function vectors<T>(name: string): T[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../../../tests/vectors", `${name}.json`), "utf8"));
}

interface Offset {
  text: string;
  start: number;
  end: number;
  quote: string;
  utf16: [number, number];
}

describe("the shared vectors", () => {
  it.each(vectors<Offset>("offsets"))(
    "finds '$quote' where the daemon says it is",
    ({ text, start, end, quote, utf16 }) => {
      const [from, to] = [toUtf16(text, start), toUtf16(text, end)];
      expect([from, to]).toEqual(utf16);
      expect(text.slice(from, to)).toBe(quote);
    },
  );

  it.each(vectors<{ typed: string; code: string | null }>("codes"))("makes $code of '$typed'", ({ typed, code }) => {
    expect(tidyCode(typed)).toBe(code);
  });

  it.each(vectors<{ name: string; body: unknown; known: boolean }>("readings"))(
    "believes an answer, or does not: $name",
    ({ body, known }) => {
      expect(asReading(body) !== null).toBe(known);
    },
  );
});
