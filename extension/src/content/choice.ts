import type { Note, Stand, Verdict } from "../protocol/reading";
import type { Rules } from "../protocol/state";

/** A reading as the person wants to be told of it: notes of a kind they do not ask for are left out. */
export function chosen<S extends Stand>(stand: S, { leaks, disclosures }: Rules): S {
  if (leaks && disclosures) return stand;
  const isWanted = ({ kind }: Note) => (kind === "leak" ? leaks : disclosures);
  const notes = stand.notes.filter(isWanted);
  return { ...stand, notes, dismissed: stand.dismissed.filter(isWanted), verdict: verdictOf(notes) };
}

/** The daemon's rule: what the page itself tells comes first. */
function verdictOf(notes: readonly Note[]): Verdict {
  if (notes.some(({ kind }) => kind === "disclosure")) return "disclosed";
  return notes.length > 0 ? "undisclosed" : "none";
}
