import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toUtf16 } from "../../src/content/text-map";
import { tidyCode } from "../../src/pairing/code";
import { asReading, asStand, asStatus, textField } from "../../src/protocol/checks";
import { reading } from "../readings";

/** What holds for anything at all; the daemon's side of the same is in tests/test_vectors.py. */

/** Text in which a code point may be one UTF-16 unit or two, or half of a pair. */
const TEXT = fc.string({ unit: "binary", maxLength: 60 });
/** What may be a field of an answer in place of what should be. */
const FIELD = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0, 1.5, 2 ** 53, Number.NaN, "", "leak", null, undefined));

describe("offsets", () => {
  test("count code points as the daemon does, whatever the text", () => {
    fc.assert(
      fc.property(TEXT, fc.nat(80), (text, points) => {
        const expected = [...text].slice(0, points).join("").length;
        expect(toUtf16(text, points)).toBe(expected);
      }),
    );
  });

  test("cut a text nowhere but between code points, and in order", () => {
    fc.assert(
      fc.property(TEXT, fc.nat(60), fc.nat(60), (text, one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        const [from, to] = [toUtf16(text, start), toUtf16(text, end)];
        expect(from).toBeLessThanOrEqual(to);
        expect([...text.slice(from, to)]).toEqual([...text].slice(start, end));
      }),
    );
  });
});

describe("codes", () => {
  const LETTER = fc.constantFrom(..."ABCDEFGHJKMNPQRSTVWXYZ23456789");
  const BETWEEN = fc.constantFrom("-", " ", "", " - ", "–", ".");

  test("survive how they are typed", () => {
    fc.assert(
      fc.property(fc.array(LETTER, { minLength: 8, maxLength: 8 }), BETWEEN, (letters, between) => {
        const [head, tail] = [letters.slice(0, 4).join(""), letters.slice(4).join("")];
        expect(tidyCode(` ${head}${between}${tail} `.toLowerCase())).toBe(`${head}-${tail}`);
      }),
    );
  });

  test("are whole or null, and whole for good", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (typed) => {
        const code = tidyCode(typed);
        if (code === null) return;
        expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
        expect(tidyCode(code)).toBe(code);
      }),
    );
  });
});

describe("answers", () => {
  test("of any shape are believed or not, and never thrown at", () => {
    fc.assert(
      fc.property(FIELD, (answer) => {
        for (const check of [asReading, asStand, asStatus]) check(answer);
        textField(answer, "detail");
      }),
    );
  });

  test("that are believed have all that the pages of the extension look at", () => {
    const known = reading("undisclosed");
    const changed = fc.record(
      { verdict: FIELD, notes: FIELD, dismissed: FIELD, outlet: FIELD, first_seen: FIELD, page_id: FIELD },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(changed, (changes) => {
        const found = asReading({ ...known, ...changes });
        if (found === null) return;
        expect(["disclosed", "undisclosed", "none"]).toContain(found.verdict);
        expect(found.page_id === null || (Number.isInteger(found.page_id) && found.page_id >= 0)).toBe(true);
        for (const note of [...found.notes, ...found.dismissed]) {
          expect(typeof note.quote).toBe("string");
          expect(Number.isInteger(note.start) && Number.isInteger(note.end)).toBe(true);
        }
      }),
    );
  });

  test("of a newer daemon are believed: what is added is passed over", () => {
    // What the extension knows by name would not be an addition.
    const added = fc.dictionary(
      fc.string().map((name) => `x_${name}`),
      fc.jsonValue(),
    );
    const known = reading("undisclosed");
    expect(asReading(known)).not.toBeNull();
    fc.assert(
      fc.property(added, (more) => {
        const notes = known.notes.map((note) => ({ ...note, ...more }));
        expect(asReading({ ...known, ...more, notes })).toEqual(asReading(known));
      }),
    );
  });
});
