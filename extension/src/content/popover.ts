import type { Decision, Note, Outlet, Reading } from "../protocol/reading";
import type { Outcome } from "../protocol/state";
import { make, onTrusted } from "../shared/elements";
import { inPageOrder, makeNoteItem } from "../shared/note-item";
import { moment, plural, t } from "../shared/words";
import type { BadgeView } from "./view";

/** What the popover's buttons do. */
export interface PopoverActs {
  /** Scrolls to the next note in turn and sets it off. */
  nextNote: () => void;
  /** `to` is a path of the history. */
  openHistory: (to?: string) => Promise<Outcome>;
  /** Answers what went wrong, or null. */
  decide: (note: Note, decision: Decision) => Promise<string | null>;
  close: () => void;
}

export function makePopover(view: BadgeView, acts: PopoverActs): HTMLElement {
  const { heading, sentence, facts } = view;
  const message = make("p", { class: "message", role: "status" });
  return make(
    "div",
    { class: "popover", role: "dialog", "aria-labelledby": "heading", tabindex: "-1" },
    makeHead(heading, acts),
    sentence ? make("p", { class: "sentence" }, sentence) : null,
    makeNotes(view, acts, message),
    facts ? makeFacts(facts) : null,
    makeFoot(view, acts, message),
  );
}

/** A list that scrolls must be reachable by keyboard, hence the tab stop. */
function makeNotes(view: BadgeView, acts: PopoverActs, message: HTMLElement): HTMLElement | null {
  const notes = inPageOrder([...view.notes, ...view.dismissed]);
  if (notes.length === 0) return null;
  return make("ol", { class: "notes", tabindex: "0" }, ...notes.map((note) => makeNote(note, view, acts, message)));
}

function makeNote(note: Note, view: BadgeView, acts: PopoverActs, message: HTMLElement): HTMLElement {
  const isLost = note.decision !== "dismissed" && !view.isPlaced(note);
  const decide = async (decision: Decision) => {
    message.textContent = (await acts.decide(note, decision)) ?? "";
  };
  const mayDecide = view.facts !== null && view.facts.page_id !== null;
  return makeNoteItem({
    note,
    lang: document.documentElement.lang,
    remark: isLost ? t("note_not_placed") : null,
    decide: mayDecide ? (decision) => void decide(decision) : undefined,
    more: null,
  });
}

function makeHead(heading: string, acts: PopoverActs): HTMLElement {
  const close = make("button", { class: "close", type: "button", "aria-label": t("close") }, "×");
  onTrusted(close, "click", acts.close);
  return make("div", { class: "head" }, make("h2", { id: "heading" }, heading), close);
}

function makeFacts({ first_seen, outlet, page_id }: Reading): HTMLElement {
  const seen = first_seen ? moment(first_seen) : "";
  return make(
    "div",
    { class: "facts" },
    seen ? make("p", {}, t("first_seen", seen)) : null,
    outlet?.pages ? make("p", {}, tally(outlet)) : null,
    page_id === null ? make("p", {}, t("not_recorded")) : null,
  );
}

/** "2 of 31 pages you read here": a count of what this reader saw, never a percentage of what an outlet prints. */
export function tally({ domain, pages, undisclosed, disclosed }: Outlet): string {
  const left = plural("tally_undisclosed", pages, undisclosed, pages, domain);
  return disclosed > 0 ? `${left} ${plural("tally_disclosed", disclosed, disclosed)}` : left;
}

function makeFoot(view: BadgeView, acts: PopoverActs, message: HTMLElement): HTMLElement {
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
