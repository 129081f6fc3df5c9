import { describe, expect, test } from "vitest";
import { faceOf } from "../../src/background/toolbar";
import type { PageState } from "../../src/protocol/state";
import { reading } from "../readings";

describe("the toolbar icon", () => {
  test.each<[PageState, string, RegExp]>([
    [{ kind: "reading" }, "", /^Telltale$/],
    [{ kind: "not-article" }, "", /^Telltale$/],
    [{ kind: "verdict", reading: reading("none") }, "", /No note/],
    [{ kind: "verdict", reading: reading("undisclosed", 2) }, "2", /carries a note .* 2 notes\./],
    [{ kind: "verdict", reading: reading("disclosed", 1) }, "1", /1 note\./],
    [{ kind: "off" }, "off", /not running/],
    [{ kind: "unpaired" }, "pair", /not paired/],
    [{ kind: "loading", retryAfterMs: 1000 }, "…", /model/],
    [{ kind: "busy", retryAfterMs: 1000 }, "…", /other pages/],
    [{ kind: "paused" }, "–", /paused/],
    [{ kind: "pdf" }, "", /PDF/],
    [{ kind: "barred" }, "?", /browser/],
    [{ kind: "other-version" }, "?", /versions/],
    [{ kind: "error", sentence: "A sentence." }, "?", /^A sentence\.$/],
  ])("of %j", (state, text, title) => {
    const face = faceOf(state);
    expect(face.text).toBe(text);
    expect(face.title).toMatch(title);
  });
});
