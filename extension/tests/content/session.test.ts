// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findArticle } from "../../src/background/article";
import { Session } from "../../src/content/session";
import type { BackgroundMessage } from "../../src/protocol/messages";
import type { Reading, Stand } from "../../src/protocol/reading";
import type { PageState, Rules } from "../../src/protocol/state";
import { note, reading } from "../readings";

/** What a change of the person's choices costs a tab that is open. */

const ask = vi.hoisted(() => vi.fn());
vi.mock("../../src/protocol/client", () => ({ askBackground: ask }));

/** A page is read in slices that wait for each other, which takes its time on a machine with other work. */
vi.setConfig({ testTimeout: 20_000 });
const PATIENT = { timeout: 10_000 };

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

describe("a tab in the background", () => {
  let isHidden: boolean;
  let answers: PageState[];

  /** What the daemon was told of who looks, question by question. */
  function hiddenAsked(): boolean[] {
    return ask.mock.calls.flatMap(([{ kind, hidden }]) => (kind === "page" ? [hidden] : []));
  }

  function comeToFront(): Promise<void> {
    isHidden = false;
    return session.comeToFront();
  }

  beforeEach(() => {
    isHidden = true;
    answers = [];
    vi.spyOn(document, "hidden", "get").mockImplementation(() => isHidden);
    ask.mockImplementation((message: BackgroundMessage) => {
      if (message.kind !== "page") return Promise.resolve(onAsked(message));
      const state = hiddenAsked().length === 1 ? answers.shift() : onAsked(message);
      return state ? Promise.resolve(state) : new Promise(() => {});
    });
  });

  test("says so, and asks at once when it comes to the front unanswered", async () => {
    void session.read();
    await vi.waitFor(() => expect(hiddenAsked()).toEqual([true]), PATIENT);
    await comeToFront();
    expect([hiddenAsked(), session.state.kind]).toEqual([[true, false], "verdict"]);
    await session.comeToFront();
    expect(hiddenAsked()).toHaveLength(2);
  });

  test.each(["loading", "busy"] as const)("does not wait any longer where the daemon is %s", async (kind) => {
    answers = [{ kind, retryAfterMs: 60_000 }];
    await session.read();
    expect(session.state.kind).toBe(kind);
    await comeToFront();
    expect([hiddenAsked(), session.state.kind]).toEqual([[true, false], "verdict"]);
  });

  test("asks nothing at the front when it was answered or left", async () => {
    answers = [{ kind: "verdict", reading: answer }];
    await session.read();
    await comeToFront();
    expect(hiddenAsked()).toEqual([true]);
    session.reset();
    await session.comeToFront();
    expect(hiddenAsked()).toEqual([true]);
  });

  test("that was in front when it asked is not asked about again", async () => {
    isHidden = false;
    void session.read();
    await vi.waitFor(() => expect(hiddenAsked()).toEqual([false]), PATIENT);
    await session.comeToFront();
    expect(hiddenAsked()).toEqual([false]);
  });
});

describe("a page that breaks the reading", () => {
  beforeEach(async () => {
    vi.spyOn(window, "getComputedStyle").mockImplementation(() => {
      throw new Error("A page can do that.");
    });
    await session.read();
    vi.restoreAllMocks();
  });

  test("is not being read for good, and is read anew when it changed or a person asks", async () => {
    expect(session.state).toMatchObject({ kind: "error", sentence: expect.stringMatching(/could not read/) });
    await session.changed();
    expect(cost()).toEqual([1, 0]);
    document.querySelector("article p")?.append(" The page put more words here than there were before.");
    await session.changed();
    await vi.waitFor(() => expect(session.state.kind).toBe("verdict"), PATIENT);
  });

  test("is asked about once more by a person", async () => {
    await session.read(true);
    expect(session.state.kind).toBe("verdict");
  });
});

describe("text that a page hid", () => {
  const watched: number[] = [];
  let rest: HTMLElement;

  function textsAsked(): string[] {
    return ask.mock.calls.flatMap(([{ kind, page }]) =>
      kind === "page" ? [page.blocks.map(({ text }: { text: string }) => text).join(" ")] : [],
    );
  }

  beforeEach(() => {
    watched.length = 0;
    rest = document.createElement("div");
    rest.style.display = "none";
    rest.innerHTML = "<p>The rest of the article, which a reader has to ask for by a button.</p>";
    document.querySelector("article")?.append(rest);
    session = new Session((hidden) => watched.push(hidden.length));
    session.rules = USUAL;
  });

  test("is read once it is shown, and what takes turns not at every turn", async () => {
    await session.read();
    expect([watched.at(-1), textsAsked()[0]]).toEqual([1, expect.not.stringContaining("The rest of")]);
    session.revealed();
    expect(cost()).toEqual([1, 1]);
    rest.style.display = "";
    session.revealed();
    await vi.waitFor(() => expect(textsAsked()[1]).toContain("The rest of the article"), PATIENT);
    rest.style.display = "none";
    await session.read();
    expect(watched.at(-1)).toBe(0);
  });

  test("is read when it was shown while the page was looked at", async () => {
    const style = getComputedStyle;
    vi.spyOn(window, "getComputedStyle").mockImplementation((element) => {
      if (element !== rest || rest.style.display === "") return style(element);
      rest.style.display = "";
      return { display: "none" } as CSSStyleDeclaration;
    });
    await session.read();
    await vi.waitFor(() => expect(textsAsked().at(-1)).toContain("The rest of the article"), PATIENT);
  });

  test("is waited for where it is the whole page, which is no article until then", async () => {
    document.body.style.visibility = "hidden";
    await session.read();
    expect([session.state.kind, watched.at(-1)]).toEqual(["not-article", 1]);
    document.body.style.visibility = "";
    session.revealed();
    await vi.waitFor(() => expect(session.state.kind).toBe("verdict"), PATIENT);
    session.stop();
    expect(watched.at(-1)).toBe(0);
  });
});

describe("an address that loses its tracking parameters", () => {
  function addressesAsked(): string[] {
    return ask.mock.calls.flatMap(([{ kind, page }]) => (kind === "page" ? [new URL(page.url).search] : []));
  }

  beforeEach(() => history.replaceState({}, "", "/story?id=5&utm_source=feed"));

  test("while the page is looked at leaves the reading and its address as they are", async () => {
    ask.mockImplementationOnce(async (message: BackgroundMessage) => {
      history.replaceState({}, "", "/story?id=5");
      return onAsked(message);
    });
    await session.read();
    expect([addressesAsked(), cost()]).toEqual([["?id=5&utm_source=feed"], [1, 1]]);
  });

  test("has the same text asked about once", async () => {
    await session.read();
    history.replaceState({}, "", "/story?id=5");
    await session.changed();
    await vi.waitFor(() => expect(cost()[0]).toBe(2), PATIENT);
    await session.changed();
    expect([cost(), hasBadge()]).toEqual([[2, 1], true]);
  });

  test("has another text that is as long asked about under the new one", async () => {
    answer = reading("none");
    await session.read();
    history.replaceState({}, "", "/story");
    const last = document.querySelector("article p:not(.byline):last-of-type, article p:nth-last-of-type(2)");
    if (last?.firstChild) last.firstChild.nodeValue = "x".repeat(last.textContent?.length ?? 0);
    await session.changed();
    await vi.waitFor(() => expect(addressesAsked().at(-1)).toBe(""), PATIENT);
  });
});

describe("the popup, while the answer about a selection is open:", () => {
  beforeEach(async () => {
    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    Element.prototype.scrollIntoView = vi.fn();
    const found = { ...reading("undisclosed"), notes: [note({ quote: "The first." })] };
    ask.mockImplementation(async (message: BackgroundMessage) =>
      message.kind === "passage" ? { kind: "verdict", reading: found } : onAsked(message),
    );
  });

  /** The words that are set off. */
  function current(): unknown {
    return (CSS as unknown as { highlights: Map<string, unknown> }).highlights.get("telltale-current");
  }

  test("shows the page's own note, and answers whether it has a place", async () => {
    answer = { ...answer, notes: [noteOnPage(), note({ quote: "Not on the page." })] };
    await session.read();
    await session.checkPassage("The first.");
    expect(session.showNoteOfPage(0)).toBe(true);
    expect(current()).toBeDefined();
    expect(session.showNoteOfPage(1)).toBe(false);
  });

  test("has a decision shown on the page", async () => {
    answer = { ...answer, notes: [noteOnPage()] };
    await session.read();
    await session.checkPassage("The first.");
    session.accept(answer, 57);
    expect((CSS as unknown as { highlights: Map<string, unknown> }).highlights.has("telltale-leak")).toBe(true);
  });

  function noteOnPage() {
    return note({ quote: "Repairs would cost", start: 0, end: 18 });
  }
});

describe("a question about a selection", () => {
  function passagesAsked(): string[] {
    return ask.mock.calls.flatMap(([{ kind, page }]) => (kind === "passage" ? [page.blocks[0].text] : []));
  }

  test("gives way to the one after it", async () => {
    await Promise.all([session.checkPassage("The first."), session.checkPassage("The second.")]);
    expect(passagesAsked()).toEqual(["The second."]);
  });

  test("is dropped when the page was left meanwhile", async () => {
    const checking = session.checkPassage("The first.");
    history.pushState({}, "", "/elsewhere");
    await checking;
    expect(passagesAsked()).toEqual([]);
  });
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
