import type { Decision, Note } from "../protocol/reading";
import { make, onTrusted } from "./elements";
import { confidenceWords, familyName, familyReason, t } from "./words";

/** One note in a list: its words, what they are, how sure, and what a person says of it. Popover and popup share it. */

export interface NoteItem {
  note: Note;
  /** The language of the note's words, where it is known. */
  lang: string | null;
  /** A line of small print in place of the usual silence. */
  remark: string | null;
  /** Undefined where nothing can be kept: the page is not in the history. */
  decide?: ((decision: Decision) => void) | undefined;
  more: HTMLElement | null;
}

const LONGEST_QUOTE = 320;

export function makeNoteItem({ note, lang, remark, decide, more }: NoteItem): HTMLElement {
  const dismissed = note.decision === "dismissed";
  return make(
    "li",
    { class: dismissed ? "note dismissed" : "note" },
    make("blockquote", { dir: "auto", lang }, shortened(note.quote)),
    dismissed ? null : make("p", {}, make("strong", {}, familyName(note.family)), " ", familyReason(note.family)),
    dismissed ? null : make("p", { class: "faint" }, confidenceWords(note.confidence)),
    remark ? make("p", { class: "faint" }, remark) : null,
    decide || more ? make("div", { class: "decide" }, more, ...(decide ? makeDecision(note, decide) : [])) : null,
  );
}

/** Cut at a code point, never inside one. */
function shortened(quote: string): string {
  const points = [...quote];
  return points.length > LONGEST_QUOTE ? `${points.slice(0, LONGEST_QUOTE).join("")}…` : quote;
}

function makeDecision({ decision }: Note, decide: (decision: Decision) => void): HTMLElement[] {
  if (decision === null)
    return [act(t("feedback_confirm"), () => decide("confirm")), act(t("feedback_dismiss"), () => decide("dismiss"))];
  const said = make("span", { class: "faint", role: "status" }, t(`feedback_${decision}`));
  return [said, act(t("feedback_undo"), () => decide("undo"))];
}

function act(label: string, run: () => void): HTMLElement {
  const button = make("button", { class: "act small", type: "button" }, label);
  onTrusted(button, "click", run);
  return button;
}

/** In the order of the page: title, byline, then block by block. */
export function inPageOrder(notes: readonly Note[]): Note[] {
  const places = ["title", "byline", "block"];
  const rank = ({ where, block }: Note) => places.indexOf(where) + (block ?? 0);
  return [...notes].sort((a, b) => rank(a) - rank(b) || a.start - b.start);
}
