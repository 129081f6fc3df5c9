import type { Note, Reading, Verdict } from "../src/protocol/reading";

export function note(fields: Partial<Note> = {}): Note {
  const quote = fields.quote ?? "Here is the rewritten article.";
  const place = { where: "block", block: 0, start: 0, end: quote.length } as const;
  return { ...place, quote, kind: "leak", family: "preamble", confidence: 0.98, decision: null, ...fields };
}

export function reading(verdict: Verdict, notes = verdict === "none" ? 0 : 1): Reading {
  const kind = verdict === "disclosed" ? "disclosure" : "leak";
  const family = verdict === "disclosed" ? "written_by_ai" : "preamble";
  const outlet = { domain: "news.example", pages: 31, undisclosed: 2, disclosed: 0 };
  const all = Array.from({ length: notes }, () => note({ kind, family }));
  return {
    verdict,
    notes: all,
    dismissed: [],
    outlet,
    first_seen: "2026-11-24T13:00:00Z",
    page_id: 57,
  };
}
