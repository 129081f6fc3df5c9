import type { Note, Outlet } from "../protocol/reading";
import type { Outcome } from "../protocol/state";
import { make, onTrusted } from "../shared/elements";
import { confidenceWords, familyName, familyReason, moment, plural, t } from "../shared/words";
import type { BadgeView } from "./badge";

/** What the popover's buttons do. */
export interface PopoverActs {
  /** Scrolls to a note and sets it off. */
  showNote: (index: number) => void;
  openHistory: () => Promise<Outcome>;
  close: () => void;
}

const LONGEST_QUOTE = 320;

export function makePopover(view: BadgeView, acts: PopoverActs): HTMLElement {
  const { reading } = view;
  const heading = reading.verdict === "undisclosed" ? t("heading_undisclosed") : t("heading_disclosed");
  return make(
    "div",
    { class: "popover", role: "dialog", "aria-labelledby": "heading", tabindex: "-1" },
    makeHead(heading, acts),
    make("ol", { class: "notes" }, ...reading.notes.map((note) => makeNote(note, view))),
    makeFacts(reading.first_seen, reading.outlet),
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

function makeFacts(firstSeen: string | null, outlet: Outlet | null): HTMLElement {
  const seen = firstSeen ? moment(firstSeen) : "";
  return make(
    "div",
    { class: "facts" },
    seen ? make("p", {}, t("first_seen", seen)) : null,
    outlet ? make("p", {}, tally(outlet)) : null,
  );
}

/** "2 of 31 pages you read here": a count of what this reader saw, never a percentage of what an outlet prints. */
export function tally({ domain, pages, undisclosed, disclosed }: Outlet): string {
  const left = plural("tally_undisclosed", pages, undisclosed, pages, domain);
  return disclosed > 0 ? `${left} ${plural("tally_disclosed", disclosed, disclosed)}` : left;
}

function makeFoot(view: BadgeView, acts: PopoverActs): HTMLElement {
  const message = make("p", { class: "message", role: "status" });
  return make("div", { class: "foot" }, makeNext(view, acts), makeHistory(acts, message), message);
}

function makeNext({ reading, isPlaced }: BadgeView, acts: PopoverActs): HTMLElement | null {
  const placed = reading.notes.flatMap((note, index) => (isPlaced(note) ? [index] : []));
  if (placed.length === 0) return null;
  const button = make("button", { class: "act", type: "button" }, t(placed.length > 1 ? "next_note" : "show_note"));
  let turn = 0;
  onTrusted(button, "click", () => acts.showNote(placed[turn++ % placed.length] ?? 0));
  return button;
}

function makeHistory(acts: PopoverActs, message: HTMLElement): HTMLElement {
  const button = make("button", { class: "act", type: "button" }, t("open_history"));
  onTrusted(button, "click", async () => {
    const outcome = await acts.openHistory();
    message.textContent = outcome.ok ? "" : outcome.sentence;
  });
  return button;
}
