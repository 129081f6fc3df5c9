// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findArticle } from "../../src/background/article";
import { Session } from "../../src/content/session";
import type { BackgroundMessage } from "../../src/protocol/messages";
import type { Reading, Stand } from "../../src/protocol/reading";
import type { Rules } from "../../src/protocol/state";
import { note, reading } from "../readings";

/** What a change of the person's choices costs a tab that is open. */

const ask = vi.hoisted(() => vi.fn());
vi.mock("../../src/protocol/client", () => ({ askBackground: ask }));

/** A page is read in slices that wait for each other, which takes its time on a machine with other work. */
vi.setConfig({ testTimeout: 20_000 });

const USUAL: Rules = { paused: false, leaks: true, disclosures: true, silence: false, record: true };
const QUOTE = "This rewrite keeps";

let answer: Reading;
let session: Session;

function onAsked(message: BackgroundMessage): unknown {
  if (message.kind === "find-article") return findArticle(message.written);
  return message.kind === "page" ? { kind: "verdict", reading: answer } : null;
}

function load(): void {
  const markup = readFileSync(join(import.meta.dirname, "../../../tests/e2e/pages/leak.html"), "utf8");
  const { documentElement } = new JSDOM(markup).window.document;
  document.replaceChild(document.importNode(documentElement, true), document.documentElement);
}

/** How often the page was read, and how often the daemon was asked about it. */
function cost(): [read: number, asked: number] {
  const kinds = ask.mock.calls.map(([{ kind }]) => kind);
  return [kinds.filter((kind) => kind === "find-article").length, kinds.filter((kind) => kind === "page").length];
}

function hasBadge(): boolean {
  return document.querySelector("telltale-badge") !== null;
}

beforeEach(() => {
  vi.stubGlobal("scheduler", { postTask: (act: () => void) => setTimeout(act) });
  vi.stubGlobal("CSS", { highlights: new Map() });
  vi.stubGlobal("Highlight", class {});
  load();
  ask.mockReset();
  ask.mockImplementation(async (message: BackgroundMessage) => onAsked(message));
  answer = { ...reading("undisclosed"), notes: [note({ quote: QUOTE })] };
  session = new Session();
  session.rules = USUAL;
});

describe("a choice of what is shown needs neither another reading nor another answer:", () => {
  test("notes left in, off and on again", async () => {
    await session.read();
    expect(hasBadge()).toBe(true);
    await session.follow({ ...USUAL, leaks: false });
    expect(session.state).toMatchObject({ kind: "verdict", reading: { verdict: "none", notes: [] } });
    expect(hasBadge()).toBe(false);
    await session.follow(USUAL);
    expect(session.state).toEqual({ kind: "verdict", reading: answer });
    expect(hasBadge()).toBe(true);
    expect(cost()).toEqual([1, 1]);
  });

  test("a quiet badge where nothing was found", async () => {
    answer = reading("none");
    await session.read();
    expect(hasBadge()).toBe(false);
    await session.follow({ ...USUAL, silence: true });
    expect(hasBadge()).toBe(true);
    expect(cost()).toEqual([1, 1]);
  });

  test("a pause of another site", async () => {
    await session.read();
    await session.follow({ ...USUAL });
    expect(cost()).toEqual([1, 1]);
  });

  test("what was decided of notes that are not shown is there once they are", async () => {
    await session.read();
    await session.follow({ ...USUAL, leaks: false });
    const stand: Stand = { ...answer, verdict: "none", notes: [], dismissed: answer.notes };
    session.accept(stand, 57);
    expect(session.state).toMatchObject({ reading: { dismissed: [] } });
    await session.follow(USUAL);
    expect(session.state).toMatchObject({ reading: { verdict: "none", dismissed: answer.notes } });
  });
});

test("a page is judged anew, but not read anew, when it is to be kept or no longer", async () => {
  await session.read();
  answer = { ...answer, page_id: null };
  await session.follow({ ...USUAL, record: false });
  expect(session.state).toMatchObject({ reading: { page_id: null } });
  expect(cost()).toEqual([1, 2]);
});

test("a site is left at its pause and read at its end, which the popup sees at once", async () => {
  await session.read();
  await session.follow({ ...USUAL, paused: true });
  expect(session.state).toEqual({ kind: "paused" });
  expect(hasBadge()).toBe(false);
  const again = session.follow(USUAL);
  expect(session.state).toEqual({ kind: "reading" });
  await again;
  expect(hasBadge()).toBe(true);
  expect(cost()).toEqual([2, 2]);
});

test("rules that come before the first ones were known have the page read", async () => {
  session.rules = null;
  await session.follow(USUAL);
  expect(session.state).toMatchObject({ kind: "verdict" });
});

describe("an application that changes its address before its text:", () => {
  function addressesAsked(): string[] {
    return ask.mock.calls.flatMap(([{ kind, page }]) => (kind === "page" ? [new URL(page.url).pathname] : []));
  }

  function goTo(path: string): void {
    history.pushState({}, "", path);
    session.reset();
  }

  beforeEach(async () => {
    history.replaceState({}, "", "/first");
    await session.read();
    vi.useFakeTimers({ toFake: ["performance"] });
  });

  afterEach(() => vi.useRealTimers());

  test("the old text is not taken for the new page's, the new one is at once", async () => {
    goTo("/second");
    await session.read();
    expect([session.state, hasBadge()]).toEqual([{ kind: "reading" }, false]);
    document.querySelector("article p")?.append(" The story that stands under the second address.");
    await session.changed();
    await vi.waitFor(() => expect(addressesAsked()).toEqual(["/first", "/second"]));
  });

  test("a text that stays is the new page's too, whatever else the page changes", async () => {
    goTo("/second");
    await session.read();
    vi.advanceTimersByTime(1500);
    await session.read();
    expect(addressesAsked()).toEqual(["/first"]);
    vi.advanceTimersByTime(600);
    await session.read();
    expect(addressesAsked()).toEqual(["/first", "/second"]);
  });

  test("a person who asks at once is answered", async () => {
    goTo("/second");
    await session.read(true);
    expect(addressesAsked()).toEqual(["/first", "/second"]);
  });

  test("an address that changes while the text is looked at is not given that text", async () => {
    session.reset();
    history.pushState({}, "", "/second");
    const looking = session.read();
    history.pushState({}, "", "/third");
    await looking;
    expect([session.state, addressesAsked()]).toEqual([{ kind: "reading" }, ["/first"]]);
    vi.advanceTimersByTime(2100);
    await session.read();
    expect(addressesAsked()).toEqual(["/first", "/third"]);
  });

  test("rules that change meanwhile leave the wait as it is", async () => {
    goTo("/second");
    await session.read();
    await session.follow({ ...USUAL, record: false });
    expect(addressesAsked()).toEqual(["/first"]);
    vi.advanceTimersByTime(2100);
    await session.read();
    expect(addressesAsked()).toEqual(["/first", "/second"]);
  });
});
