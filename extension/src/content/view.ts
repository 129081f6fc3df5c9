import type { Note, Reading } from "../protocol/reading";
import type { PageState } from "../protocol/state";
import { stateWords, verdictWords } from "../shared/states";
import { familyName, plural, t } from "../shared/words";

/** What the badge and its popover show. */
export interface BadgeView {
  /** What the view is of: an open popover stays as it is while this is the same. */
  readonly of: object;
  readonly label: string;
  readonly heading: string;
  /** Said in place of notes. */
  readonly sentence: string | null;
  readonly notes: readonly Note[];
  /** Shown, with a way back, but no longer marked. */
  readonly dismissed: readonly Note[];
  /** Whether a note has a place on the page. */
  readonly isPlaced: (note: Note) => boolean;
  /** First sight and tally; null where they would be beside the point. */
  readonly facts: Reading | null;
}

export function viewOfPage(reading: Reading, isPlaced: (note: Note) => boolean): BadgeView {
  const heading = verdictWords(reading);
  const { notes, dismissed } = reading;
  return { of: reading, label: labelOf(reading), heading, sentence: null, notes, dismissed, isPlaced, facts: reading };
}

function labelOf({ verdict, notes }: Reading): string {
  if (verdict === "none") return t("badge_none");
  return verdict === "undisclosed" ? plural("badge_undisclosed", notes.length, notes.length) : t("badge_disclosed");
}

/** Of a passage that a person selected, or why it could not be judged. */
export function viewOfPassage(state: PageState, isPlaced: (note: Note) => boolean): BadgeView {
  const view = { of: state, label: t("badge_passage"), isPlaced, dismissed: [], facts: null };
  if (state.kind !== "verdict") return { ...view, heading: t("badge_passage"), sentence: stateWords(state), notes: [] };
  const notes = state.reading.notes.filter(({ where }) => where === "block");
  const heading = notes.length > 0 ? plural("passage_notes", notes.length, notes.length) : t("passage_none");
  return { ...view, heading, sentence: null, notes };
}

/** What the badge says to a screen reader: its label alone would not say what it is about. */
export function spokenOf({ label, heading, notes }: BadgeView): string {
  return `Telltale: ${label}. ${heading} ${notes[0] ? familyName(notes[0].family) : ""}`.trim();
}
