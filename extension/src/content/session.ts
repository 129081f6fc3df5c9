import { askBackground } from "../protocol/client";
import type { Decision, Note, Reading, SentPage, Stand } from "../protocol/reading";
import type { Outcome, PageState, Rules } from "../protocol/state";
import { decide } from "../shared/decide";
import { t } from "../shared/words";
import { addressOf, isOtherPage, sentAddressOf } from "./address";
import type { Means } from "./article";
import { Badge } from "./badge";
import { chosen } from "./choice";
import { shadowRoots } from "./composed";
import { isShown, MUCH } from "./hidden";
import { Highlighter, type Mark, rangesOf } from "./highlight";
import { Host } from "./host";
import { type PageRead, type PageText, placesOf, readPage, sizeOf } from "./page";
import { readPassage } from "./passage";
import { backoff, isUnanswered } from "./retry";
import { inSlices } from "./slices";
import { type BadgeView, viewOfPage, viewOfPassage } from "./view";

/** An application may change its address before its text: the same text counts as the new page's after this. */
const STALE_MS = 2000;

const MEANS: Means = {
  pace: inSlices,
  // No answer means that the extension itself was just replaced; its successor will read the page.
  find: (written) => askBackground({ kind: "find-article", written }).catch(() => null),
};

/** One tab's page from its first reading on: what was read, what the daemon said, what is shown. */
export class Session {
  /** The page's state as the person asks for it: popup, toolbar and badge show this. */
  state: PageState = { kind: "reading" };
  /** Until they are known only what a person selects is read. */
  rules: Rules | null = null;
  private readonly host = new Host();
  private readonly highlighter = new Highlighter(this.host.root);
  private readonly badge = new Badge(this.host.root, {
    nextNote: () => this.nextNote(),
    openHistory: (to) => this.openHistory(to),
    decide: (note, decision) => this.decide(note, decision),
    closed: () => this.showPage(),
  });
  /** The same in full, so that another choice of what is marked needs no other answer. */
  private told: PageState = this.state;
  private page: PageText | null = null;
  private sent: SentPage | null = null;
  /** What was read under the address before, and how long its text is not taken for that of the new one. */
  private old: { readonly page: SentPage; readonly until: number } | null = null;
  private size = 0;
  private marks: Mark[] = [];
  /** Which note was shown last, of those that have a place. */
  private at = -1;
  /** What is marked, and which of it is set off. */
  private marked: readonly Note[] = [];
  private current = -1;
  /** Counts readings, so that an answer to an earlier one is not shown on what came after. */
  private turn = 0;
  /** What a person last asked about beside the page; nobody waits for it once they left. */
  private passage: PageText | null = null;
  /** Counts what a person asked about: the last counts. */
  private asked = 0;
  /** The look at the page that is under way; it is given up when another page or a later look comes. */
  private look: object | null = null;
  /** The page changed while it was looked at. */
  private missed = false;
  /** A note whose text was read has no place: the page put other nodes there meanwhile. */
  private unplaced = false;
  /** Elements whose text was not read because they are not shown. */
  private hidden: readonly Element[] = [];
  /** Those of them that were shown once. */
  private shown = new WeakSet<Element>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The question about the page is open, and was asked while nobody looked at it. */
  private askedHidden = false;

  /** `watchHidden` has `revealed` called when these elements may be shown. */
  constructor(private readonly watchHidden: (elements: readonly Element[]) => void = () => {}) {}

  /** Reads the page as it stands. Asks the daemon only if what would be sent has changed, or `anew` is set. */
  async read(anew = false): Promise<void> {
    if (!this.rules) return;
    if (this.rules.paused) return this.leave({ kind: "paused" });
    const look = {};
    const address = addressOf(location);
    this.look = look;
    // What pages do that could break the reading is without end. Nothing else would end the look.
    const read = await this.lookAt(look).catch(() => null);
    // The address changed meanwhile, noticed or not yet: whichever text this is, it is kept from the new address for a while.
    const moved = isOtherPage(address, addressOf(location));
    if (moved && read?.page && !this.old) this.remember({ ...read.page.sent, url: address });
    if (this.look !== look) return;
    if (moved) return this.read(anew);
    const { missed } = this;
    this.look = null;
    const asked = read ? this.take(read.page, anew) : this.settle({ kind: "error", sentence: t("error_unreadable") });
    this.watchFor(read?.hidden ?? []);
    if (missed) void this.changed();
    await asked;
  }

  private async lookAt(look: object): Promise<PageRead> {
    const before = this.page?.story ?? null;
    const roots = await inSlices(shadowRoots(document));
    if (this.look !== look) return { page: null, hidden: [] };
    this.size = sizeOf(bodyOf(document), roots);
    const read = await readPage(document, { before, roots }, MEANS);
    if (this.look === look && read.page) this.size = read.page.size;
    return read;
  }

  /** The page has come to rest after a change. */
  async changed(): Promise<ShadowRoot[]> {
    const roots = await inSlices(shadowRoots(document));
    this.missed = this.look !== null;
    if (!this.missed && this.isOutdated(roots)) void this.read();
    return roots;
  }

  /** What a page shows and hides has come to rest: text that was hidden may be shown. */
  revealed(): void {
    const shown = this.hidden.filter(isShown);
    if (shown.length === 0 || this.look) return;
    for (const element of shown) this.shown.add(element);
    void this.read();
  }

  /** Not for what was shown once already: captions that take turns would have the page read at every turn. */
  private watchFor(hidden: readonly Element[]): void {
    this.hidden = hidden.filter((element) => !this.shown.has(element));
    this.watchHidden(this.hidden);
    // It may have been shown since it was passed by.
    this.revealed();
  }

  private async take(page: PageText | null, anew: boolean): Promise<void> {
    this.page = page;
    if (!page) return this.state.kind === "not-article" ? this.forget() : this.settle({ kind: "not-article" });
    const wait = this.old && isLeftOver(page.sent, this.old.page) ? this.old.until - performance.now() : 0;
    if (wait > 0 && !anew) return this.waitForText(wait);
    this.old = null;
    if (isSame(page.sent, this.sent) && !anew) return this.show();
    this.sent = page.sent;
    await this.ask(++this.turn);
  }

  /** Every change is looked at meanwhile, as on a page that was not read yet. */
  private waitForText(wait: number): void {
    this.page = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(), wait);
  }

  /** Asks again about the same text, after the daemon could not answer. */
  async retry(): Promise<void> {
    if (this.page && isUnanswered(this.state)) await this.ask(++this.turn);
  }

  /** The tab came to the front: its page is to go before those that nobody looks at. */
  async comeToFront(): Promise<void> {
    if (this.askedHidden) await this.ask(++this.turn);
  }

  /** Another page is about to be shown: nothing said of the old one holds. */
  reset(): void {
    this.remember(this.page?.sent ?? this.old?.page);
    this.shown = new WeakSet();
    this.leave({ kind: this.rules?.paused ? "paused" : "reading" });
  }

  private remember(page: SentPage | undefined): void {
    this.old = page ? { page, until: performance.now() + STALE_MS } : null;
  }

  /** The person changed what is to be read, marked or kept. Every open tab hears of it: each does only what it must. */
  async follow(rules: Rules): Promise<void> {
    const before = this.rules;
    this.rules = rules;
    if (!before) return this.read();
    if (rules.paused) return this.leave({ kind: "paused" });
    if (this.state.kind === "paused") return this.resume();
    this.tell(this.told);
    this.show();
    // Whether a page is kept is part of the daemon's answer: its number, its first sight, its decisions.
    if (before.record !== rules.record) await this.ask(++this.turn);
  }

  private async resume(): Promise<void> {
    this.settle({ kind: "reading" });
    await this.read();
  }

  /** Whether the text has changed so much, or notes have lost their text, that it must be read again. */
  private isOutdated(roots: readonly ShadowRoot[]): boolean {
    if (!this.rules || this.rules.paused) return false;
    if (this.state.kind === "reading" && !this.page) return true;
    if (this.unplaced || this.marks.some(({ ranges }) => ranges.some(isLost))) return true;
    if (this.page && this.page.sent.url !== sentAddressOf(location)) return true;
    const root = this.page?.root.isConnected ? this.page.root : bodyOf(document);
    return Math.abs(sizeOf(root, roots) - this.size) >= MUCH;
  }

  /** Only the page itself knows that it is still the one shown when an answer comes, so it has the toolbar follow. */
  announce(): void {
    void askBackground({ kind: "announce", state: this.state }).catch(() => {});
  }

  togglePopover(): void {
    this.badge.toggle();
  }

  nextNote(): void {
    const placed = this.marks.flatMap(({ ranges }, index) => (ranges.length > 0 ? [index] : []));
    this.at = (this.at + 1) % Math.max(placed.length, 1);
    this.showNote(placed[this.at] ?? -1);
  }

  /** From the popup, which lists the page's own notes: a passage gives way to them. Answers whether the note has a place. */
  showNoteOfPage(index: number): boolean {
    if (this.passage) this.showPage();
    return this.showNote(index);
  }

  private showNote(index: number): boolean {
    const mark = this.marks[index];
    if (!mark?.ranges[0] || isLost(mark.ranges[0])) return false;
    this.current = index;
    this.highlighter.point(mark);
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    mark.ranges[0].startContainer.parentElement?.scrollIntoView({ block: "center", behavior });
    return true;
  }

  /** Judges what is selected and shows the answer, whatever the page itself is. */
  async checkPassage(told?: string): Promise<void> {
    const asked = ++this.asked;
    const address = addressOf(location);
    const passage = await readPassage(document, told, MEANS.pace);
    // A long selection takes its time: the person may have asked about another since, or be on another page.
    if (!passage || asked !== this.asked || isOtherPage(address, addressOf(location))) return;
    this.passage = passage;
    await this.askPassage(passage);
  }

  /** Asks again while the daemon loads or is busy, as long as the person keeps the popover open. */
  private async askPassage(passage: PageText, attempt = 0): Promise<void> {
    if (passage !== this.passage) return;
    const state = await askBackground({ kind: "passage", page: passage.sent }).catch(() => null);
    if (passage !== this.passage || !state) return;
    const notes = state.kind === "verdict" ? state.reading.notes : [];
    this.showPassage(viewOfPassage(state, this.mark(notes, passage)), attempt === 0);
    const wait = backoff(state, attempt);
    if (wait !== null) setTimeout(() => void this.askPassage(passage, attempt + 1), wait);
  }

  private showPassage(view: BadgeView, first: boolean): void {
    if (first) {
      this.badge.show(view);
      this.host.attach();
      this.badge.open();
    } else this.badge.change(view);
  }

  /** Takes everything off the page: the extension was removed or replaced. */
  stop(): void {
    this.passage = null;
    this.forget();
    this.clear();
  }

  private async ask(turn: number, attempt = 0): Promise<void> {
    if (!this.page) return;
    clearTimeout(this.timer);
    this.askedHidden = document.hidden;
    // No answer at all means that the extension itself was just replaced; its successor will read the page.
    const asked = { kind: "page", page: this.page.sent, hidden: this.askedHidden } as const;
    const state = await askBackground(asked).catch(() => null);
    if (turn !== this.turn || !state) return;
    this.askedHidden &&= state.kind === "loading" || state.kind === "busy";
    this.tell(state);
    this.show();
    const wait = backoff(state, attempt);
    // A tab in the background does not look for a daemon that is off; it does when it comes to the front.
    if (wait !== null && !(state.kind === "off" && document.hidden))
      this.timer = setTimeout(() => void this.ask(turn, attempt + 1), wait);
  }

  /** Lets go of the page's nodes and of what was asked about them. */
  private forget(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.look = this.page = null;
    this.missed = this.unplaced = this.askedHidden = false;
    this.sent = null;
    this.watchFor([]);
  }

  private leave(state: PageState): void {
    this.passage = null;
    this.settle(state);
  }

  /** Nothing is said of the page itself; a question about a passage of it stands. */
  private settle(state: PageState): void {
    this.forget();
    this.tell(state);
    this.show();
  }

  private tell(told: PageState): void {
    this.told = told;
    const { rules } = this;
    this.state = rules && told.kind === "verdict" ? { kind: "verdict", reading: chosen(told.reading, rules) } : told;
    this.announce();
  }

  private async decide(note: Note, decision: Decision): Promise<string | null> {
    const page_id = this.state.kind === "verdict" ? this.state.reading.page_id : null;
    if (page_id === null) return null;
    const decided = await decide(page_id, note, decision);
    if (!decided.ok) return decided.sentence;
    this.accept(decided.stand, page_id);
    return null;
  }

  /** The page as it stands after a decision, made here or in the popup; another may be shown by now. */
  accept(stand: Stand, pageId: number): void {
    if (this.told.kind !== "verdict" || !this.page || this.told.reading.page_id !== pageId) return;
    this.tell({ kind: "verdict", reading: { ...this.told.reading, ...stand } });
    // A popover in use stays, even where nothing is left to mark: the way back is in it. One of a passage gives way.
    const { page, state, passage } = this;
    if (passage) this.showPage();
    else if (this.badge.isOpen && state.kind === "verdict")
      this.badge.change(viewOfPage(state.reading, this.mark(state.reading.notes, page)));
    else this.show();
  }

  /** The popover of a passage was closed: back to the page. */
  private showPage(): void {
    this.passage = null;
    this.show();
  }

  /** An answer about the page waits while a person looks at the answer about a passage. */
  private show(): void {
    if (this.passage && this.badge.isOpen) return;
    const reading = this.state.kind === "verdict" ? this.state.reading : null;
    if (this.page && reading && this.isWorthABadge(reading)) {
      const isPlaced = this.mark(reading.notes, this.page);
      // A title or byline may stand nowhere on the page; a block was read from it a moment ago.
      this.unplaced = reading.notes.some((note) => note.where === "block" && !isPlaced(note));
      this.badge.show(viewOfPage(reading, isPlaced));
      this.host.attach();
    } else this.clear();
  }

  private isWorthABadge({ verdict }: Reading): boolean {
    return verdict !== "none" || !!this.rules?.silence;
  }

  /** Underlines the notes, and tells which of them have a place. The same ones shown again keep the reader's turn. */
  private mark(notes: Note[], page: PageText): (note: Note) => boolean {
    if (notes !== this.marked) this.at = this.current = -1;
    this.marked = notes;
    this.marks = notes.map((note) => ({ kind: note.kind, ranges: rangesOf(placesOf(note, page)) }));
    this.highlighter.show(this.marks);
    this.highlighter.point(this.marks[this.current] ?? null);
    const placed = new Map<Note, boolean>(notes.map((note, i) => [note, !!this.marks[i]?.ranges.length]));
    return (note) => placed.get(note) ?? false;
  }

  private clear(): void {
    this.marks = [];
    this.marked = [];
    this.highlighter.clear();
    this.badge.hide();
    this.host.detach();
  }

  private openHistory(to?: string): Promise<Outcome> {
    return askBackground({ kind: "open-history", ...(to && { to }) });
  }
}

function bodyOf(page: Document): Element {
  return page.body ?? page.documentElement;
}

/** Whether that was sent before: under this address, or before that lost some parameters. */
function isSame(page: SentPage, sent: SentPage | null): boolean {
  if (!sent || isOtherPage(sent.url, page.url)) return false;
  return JSON.stringify({ ...page, url: "" }) === JSON.stringify({ ...sent, url: "" });
}

/** Whether a page has the text of another address. */
function isLeftOver(page: SentPage, old: SentPage): boolean {
  return page.url !== old.url && JSON.stringify(page.blocks) === JSON.stringify(old.blocks);
}

function isLost(range: Range): boolean {
  return range.collapsed || !range.startContainer.isConnected;
}
