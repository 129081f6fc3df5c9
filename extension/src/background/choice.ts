import type { Note, Reading, Verdict } from "../protocol/reading";
import type { Preferences } from "../shared/preferences";

/** A reading as the person wants to be told of it: notes of a kind they do not ask for are left out. */
export function chosen(reading: Reading, preferences: Preferences): Reading {
  const notes = reading.notes.filter(({ kind }) => (kind === "leak" ? preferences.leaks : preferences.disclosures));
  return notes.length === reading.notes.length ? reading : { ...reading, notes, verdict: verdictOf(notes) };
}

/** The daemon's rule: what the page itself tells comes first. */
export function verdictOf(notes: readonly Note[]): Verdict {
  if (notes.some(({ kind }) => kind === "disclosure")) return "disclosed";
  return notes.length > 0 ? "undisclosed" : "none";
}
