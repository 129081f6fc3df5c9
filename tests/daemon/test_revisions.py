"""What changed between two sights of a page, and what did not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telltale.domain import Block, Kind, Note, Page, Reading, Verdict
from telltale.history.decisions import Decision, Feedback, decide
from telltale.history.queries import page
from telltale.history.store import Sighting, record

NOON, LATER, MORE = "2026-11-24T12:00:00Z", "2026-11-24T12:09:59Z", "2026-11-24T12:10:00Z"


def sighting(*texts, notes=(), at=NOON, model="fake-1"):
    found = tuple(
        Note("block", i, texts[i].index(quote), texts[i].index(quote) + len(quote), quote, Kind.LEAK, family, 0.9)
        for i, quote, family in notes
    )
    reading = Reading(Verdict.UNDISCLOSED if found else Verdict.NONE, found, (), model, len(texts))
    words = Page("A title", tuple(Block(t) for t in texts))
    return Sighting("https://news.example/a", "news.example", words, reading, at)


def revisions(db, *sights):
    for seen in sights:
        record(db, seen)
    return page(db, 1)["revisions"]


def test_a_note_whose_words_went_was_removed(db):
    now, before = revisions(db, sighting("A.", "Note", notes=[(1, "Note", "refusal")]), sighting("A.", at=LATER))
    assert ([n["fate"] for n in before["notes"]], now["removed"]) == (["removed"], 1)
    assert (before["last_seen"], now["first_seen"]) == (NOON, LATER)


def test_a_note_whose_words_are_still_there_was_not_removed_by_the_outlet(db):
    first = sighting("Note here.", notes=[(0, "Note", "refusal")])
    now, before = revisions(db, first, sighting("Note here.", at=MORE, model="fake-2"))
    assert ([n["fate"] for n in before["notes"]], now["removed"], now["model"]) == (["unflagged"], 0, "fake-2")


@pytest.mark.parametrize(("before", "after"), [("Note. More.", "Note."), ("Note.", "Note. More."), ("Note.", "Note.")])
def test_a_note_cut_otherwise_or_of_another_family_was_not_removed(db, before, after):
    first = sighting("Note. More.", notes=[(0, before, "refusal")])
    now, old = revisions(db, first, sighting("Note. More.", notes=[(0, after, "preamble")], at=MORE))
    assert ([n["fate"] for n in old["notes"]], now["removed"]) == ([None], 0)


def test_a_text_that_changed_later_is_a_revision_and_one_that_still_loads_is_none(db):
    notes = [(0, "Note", "refusal")]
    assert len(revisions(db, sighting("Note", notes=notes), sighting("Note", "Late.", notes=notes, at=LATER))) == 1
    assert len(revisions(db, sighting("Note", "Edited.", notes=notes, at="2026-11-24T12:20:00Z"))) == 2


def test_a_revision_stands_for_changed_notes_not_for_moved_ones(db):
    first = sighting("Note", "Other", notes=[(0, "Note", "refusal")])
    moved = replace(first.reading.notes[0], block=1, confidence=0.8)
    again = replace(first, reading=replace(first.reading, notes=(moved,)), at=MORE)
    assert len(revisions(db, first, again)) == 1


def test_what_is_possible_is_what_was_possible_last(db):
    words = sighting("Note. Words. Later words.")
    note, other, late = (
        Note("block", 0, 0, 5, quote, Kind.LEAK, "refusal", 0.3) for quote in ("Note.", "Words", "Later")
    )

    def possible(*notes):
        stand = record(db, replace(words, reading=replace(words.reading, possible=notes))).stand
        return [(n["note_id"], n["quote"], n["confidence"]) for n in stand.notes + stand.possible]

    assert possible(note, other) == [(1, "Note.", 0.3), (2, "Words", 0.3)]
    assert possible(replace(note, confidence=0.4), late) == [(1, "Note.", 0.4), (3, "Later", 0.3)]
    decide(db, Feedback(1, "block", "Note.", Decision.CONFIRM), MORE)
    assert possible(late) == [(1, "Note.", 0.4), (3, "Later", 0.3)]
    assert possible(late, note) == [(1, "Note.", 0.3), (3, "Later", 0.3)]


def test_a_page_that_went_back_to_its_old_words_has_three_revisions(db):
    note = [(0, "Note", "refusal")]
    sights = [sighting("Note", notes=note), sighting("Gone", at=LATER), sighting("Note", notes=note, at=MORE)]
    assert [len(r["notes"]) for r in revisions(db, *sights)] == [1, 0, 1]
