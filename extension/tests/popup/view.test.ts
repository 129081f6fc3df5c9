import { describe, expect, test } from "vitest";
import { isStale, viewOf } from "../../src/popup/view";
import type { DaemonSeen, PageState, TabAccount } from "../../src/protocol/state";
import { reading } from "../readings";

const READY: DaemonSeen = { kind: "ready", version: "0.1.0", model: "telltale-1" };
const OFF: DaemonSeen = { kind: "off" };
const ASKING: DaemonSeen = { kind: "asking" };

function tab(state: PageState | null): TabAccount | null {
  return state && { state, site: "news.example" };
}

describe("the popup says", () => {
  test.each<[string, PageState | null, DaemonSeen, RegExp]>([
    ["that the daemon is not running", { kind: "off" }, OFF, /not running/],
    ["so too of a page that is no article", { kind: "not-article" }, OFF, /not running/],
    ["that it is not paired", null, { kind: "unpaired" }, /not paired/],
    ["that a page cannot be read", null, READY, /cannot read/],
    ["that a page is no article", { kind: "not-article" }, READY, /does not look like an article/],
    ["that nothing was found", { kind: "verdict", reading: reading("none") }, READY, /No note/],
    ["what a page carries", { kind: "verdict", reading: reading("undisclosed") }, READY, /carries a note/],
    ["what a page tells", { kind: "verdict", reading: reading("disclosed") }, READY, /says that AI/],
    ["that the model loads", { kind: "loading", retryAfterMs: 1 }, { kind: "loading", version: "1" }, /model/],
    ["that the daemon is busy", { kind: "busy", retryAfterMs: 1 }, READY, /other pages/],
    ["that the site is paused", { kind: "paused" }, READY, /paused/],
    ["so too without a daemon", { kind: "paused" }, OFF, /paused/],
    ["that PDF is not supported", { kind: "pdf" }, READY, /PDF/],
    ["that the browser is in the way", { kind: "barred" }, { kind: "barred" }, /browser does not let/],
    ["that versions differ", { kind: "other-version" }, { kind: "other-version" }, /different versions/],
    ["that the daemon is being asked", { kind: "not-article" }, ASKING, /^Asking the daemon…$/],
    [
      "what a page carries before the daemon was heard",
      { kind: "verdict", reading: reading("none") },
      ASKING,
      /No note/,
    ],
    ["what went wrong", { kind: "error", sentence: "A." }, READY, /wrong/],
  ])("%s", (_name, page, daemon, heading) => {
    expect(viewOf(tab(page), daemon).heading).toMatch(heading);
  });

  test("that the browser closes pages to it, only where that is so", () => {
    expect(viewOf(null, READY, false)).toMatchObject({
      heading: expect.stringMatching(/read pages/),
      actions: ["allow", "open-history"],
    });
    expect(viewOf(null, READY, true).heading).toMatch(/cannot read this page/);
  });

  test("how to start the daemon", () => {
    expect(viewOf(null, OFF)).toMatchObject({ command: "telltale run", actions: ["check-again"] });
  });

  test("what the daemon lacks, under a verdict that stands", () => {
    const view = viewOf(tab({ kind: "verdict", reading: reading("undisclosed") }), OFF);
    expect(view.heading).toMatch(/carries a note/);
    expect(view.footer).toMatch(/not running/);
  });

  test("looks again while a state passes", () => {
    expect(viewOf(tab({ kind: "off" }), READY).passing).toBe(true);
    expect(viewOf(tab({ kind: "not-article" }), READY).passing).toBe(false);
  });
});

test("a page that met no daemon is asked again once there is one", () => {
  expect(isStale({ kind: "off" }, READY)).toBe(true);
  expect(isStale({ kind: "off" }, OFF)).toBe(false);
  expect(isStale({ kind: "verdict", reading: reading("none") }, READY)).toBe(false);
});

test("a page whose answer was of another version is not asked again by itself: that would not end", () => {
  expect(isStale({ kind: "other-version" }, READY)).toBe(false);
  const view = viewOf(tab({ kind: "other-version" }), READY);
  expect(view).toMatchObject({ heading: expect.stringMatching(/different versions/), passing: false });
  expect(view.actions).toContain("check-again");
});
