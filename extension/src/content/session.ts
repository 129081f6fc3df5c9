import { askBackground } from "../protocol/client";
import type { Note, Reading } from "../protocol/reading";
import type { Outcome, PageState } from "../protocol/state";
import { Badge } from "./badge";
import { Highlighter, type Mark, rangesOf } from "./highlight";
import { Host } from "./host";
import { type PageText, placesOf, readPage } from "./page";
import { backoff } from "./retry";

/** A change of fewer characters is a counter, a clock or a typo; the notes found still stand. */
const MUCH = 40;

/** One tab's page from its first reading on: what was read, what the daemon said, what is shown. */
export class Session {
  state: PageState = { kind: "reading" };
  private readonly host = new Host();
  private readonly highlighter = new Highlighter(this.host.root);
  private readonly badge = new Badge(this.host.root, {
    showNote: (index) => this.showNote(index),
    openHistory: () => this.openHistory(),
  });
  private page: PageText | null = null;
  private sent = "";
  private size = 0;
  private marks: Mark[] = [];
  /** Counts readings, so that an answer to an earlier one is not shown on what came after. */
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads the page as it stands. Asks the daemon only if what would be sent has changed, or `anew` is set. */
  async read(anew = false): Promise<void> {
    const page = readPage(document);
    this.page = page;
    this.size = this.measure();
    if (!page) return this.leave({ kind: "not-article" });
    const sent = JSON.stringify(page.sent);
    if (sent === this.sent && !anew) return this.show();
    this.sent = sent;
    await this.ask(++this.turn);
  }

  /** Asks again about the same text, after the daemon could not answer. */
  async retry(): Promise<void> {
    if (this.page && isUnanswered(this.state)) await this.ask(++this.turn);
  }

  /** Another page is about to be shown: nothing said of the old one holds. */
  reset(): void {
    this.page = null;
    this.sent = "";
    this.leave({ kind: "reading" });
  }

  /** Whether the text has changed so much, or notes have lost their text so that it must be read again. */
  isOutdated(): boolean {
    if (this.state.kind === "reading") return true;
    const lost = this.marks.some(({ ranges }) => ranges.some(isLost));
    return lost || Math.abs(this.measure() - this.size) >= MUCH;
  }

  /** The browser brought the page back as it was left: the toolbar must be told anew. */
  announce(): void {
    void askBackground({ kind: "announce", state: this.state }).catch(() => {});
  }

  showNote(index: number): void {
    const mark = this.marks[index];
    if (!mark?.ranges[0]) return;
    this.highlighter.point(mark);
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    mark.ranges[0].startContainer.parentElement?.scrollIntoView({ block: "center", behavior });
  }

  /** Takes everything off the page: the extension was removed or replaced. */
  stop(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.clear();
  }

  private async ask(turn: number, attempt = 0): Promise<void> {
    clearTimeout(this.timer);
    if (!this.page) return;
    // No answer at all means that the extension itself was just replaced; its successor will read the page.
    const state = await askBackground({ kind: "page", page: this.page.sent }).catch(() => null);
    if (turn !== this.turn || !state) return;
    this.state = state;
    this.show();
    const wait = backoff(state, attempt);
    if (wait !== null) this.timer = setTimeout(() => void this.ask(turn, attempt + 1), wait);
  }

  private leave(state: PageState): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.state = state;
    this.clear();
    this.announce();
  }

  private show(): void {
    const reading = this.state.kind === "verdict" ? this.state.reading : null;
    if (reading && this.page && reading.verdict !== "none") this.place(reading, this.page);
    else this.clear();
  }

  private place(reading: Reading, page: PageText): void {
    this.marks = reading.notes.map((note) => ({ kind: note.kind, ranges: rangesOf(placesOf(note, page)) }));
    this.highlighter.show(this.marks);
    const placed = new Map<Note, boolean>(reading.notes.map((note, i) => [note, !!this.marks[i]?.ranges.length]));
    this.badge.show({ reading, isPlaced: (note) => placed.get(note) ?? false });
    this.host.attach();
  }

  private clear(): void {
    this.marks = [];
    this.highlighter.clear();
    this.badge.hide();
    this.host.detach();
  }

  private measure(): number {
    const root = this.page?.root.isConnected ? this.page.root : document.body;
    return root?.textContent?.length ?? 0;
  }

  private openHistory(): Promise<Outcome> {
    return askBackground({ kind: "open-history" });
  }
}

function isLost(range: Range): boolean {
  return range.collapsed || !range.startContainer.isConnected;
}

function isUnanswered(state: PageState): boolean {
  return state.kind === "off" || state.kind === "unpaired" || state.kind === "error";
}
