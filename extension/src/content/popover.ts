import type { Note, Outlet, Reading } from "../protocol/reading";
import type { Outcome } from "../protocol/state";
import { make, onTrusted } from "../shared/elements";
import { confidenceWords, familyName, familyReason, moment, plural, t } from "../shared/words";
import type { BadgeView } from "./view";

/** What the popover's buttons do. */
export interface PopoverActs {
  /** Scrolls to the next note in turn and sets it off. */
  nextNote: () => void;
  /** `to` is a path of the history. */
  openHistory: (to?: string) => Promise<Outcome>;
  close: () => void;
}

const LONGEST_QUOTE = 320;

export function makePopover(view: BadgeView, acts: PopoverActs): HTMLElement {
  const { heading, sentence, notes, facts } = view;
  return make(
    "div",
    { class: "popover", role: "dialog", "aria-labelledby": "heading", tabindex: "-1" },
    makeHead(heading, acts),
    sentence ? make("p", { class: "sentence" }, sentence) : null,
    notes.length > 0
      ? make("ol", { class: "notes", tabindex: "0" }, ...notes.map((note) => makeNote(note, view)))
      : null,
    facts ? makeFacts(facts) : null,
    makeFoot(view, acts),
  );
}

function makeHead(heading: string, acts: PopoverActs): HTMLElement {
  const close = make("button", { class: "close", type: "button", "aria-label": t("close") }, "×");
  onTrusted(close, "click", acts.close);
  return make("div", { class: "head" }, make("h2", { id: "heading" }, heading), close);
}

function makeNote(note: Note, { isPlaced }: BadgeView): HTMLElement {
  return make(
    "li",
    { class: "note" },
    make("blockquote", { dir: "auto" }, shortened(note.quote)),
    make("p", { class: "family" }, make("strong", {}, familyName(note.family)), " ", familyReason(note.family)),
    make("p", { class: "faint" }, confidenceWords(note.confidence)),
    isPlaced(note) ? null : make("p", { class: "faint" }, t("note_not_placed")),
  );
}

/** Cut at a code point, never inside one. */
function shortened(quote: string): string {
  const points = [...quote];
  return points.length > LONGEST_QUOTE ? `${points.slice(0, LONGEST_QUOTE).join("")}…` : quote;
}

function makeFacts({ first_seen, outlet, page_id }: Reading): HTMLElement {
  const seen = first_seen ? moment(first_seen) : "";
  return make(
    "div",
    { class: "facts" },
    seen ? make("p", {}, t("first_seen", seen)) : null,
    outlet ? make("p", {}, tally(outlet)) : null,
    page_id === null ? make("p", {}, t("not_recorded")) : null,
  );
}

/** "2 of 31 pages you read here": a count of what this reader saw, never a percentage of what an outlet prints. */
export function tally({ domain, pages, undisclosed, disclosed }: Outlet): string {
  const left = plural("tally_undisclosed", pages, undisclosed, pages, domain);
  return disclosed > 0 ? `${left} ${plural("tally_disclosed", disclosed, disclosed)}` : left;
}

function makeFoot(view: BadgeView, acts: PopoverActs): HTMLElement {
  const message = make("p", { class: "message", role: "status" });
  return make("div", { class: "foot" }, makeNext(view, acts), makeHistory(view, acts, message), message);
}

function makeNext({ notes, isPlaced }: BadgeView, acts: PopoverActs): HTMLElement | null {
  const placed = notes.filter(isPlaced).length;
  if (placed === 0) return null;
  const button = make("button", { class: "act", type: "button" }, t(placed > 1 ? "next_note" : "show_note"));
  onTrusted(button, "click", acts.nextNote);
  return button;
}

/** Leads to the page's own evidence where it was kept. A passage has no place in the history. */
function makeHistory({ facts }: BadgeView, acts: PopoverActs, message: HTMLElement): HTMLElement | null {
  if (!facts) return null;
  const to = facts.page_id === null ? undefined : `/pages/${facts.page_id}`;
  const button = make("button", { class: "act", type: "button" }, t(to ? "open_evidence" : "open_history"));
  onTrusted(button, "click", async () => {
    const outcome = await acts.openHistory(to);
    message.textContent = outcome.ok ? "" : outcome.sentence;
  });
  return button;
}
