"""What of a page follows from its notes and from what a person decided about them: verdict, families, what is to review.

The model's notes stay as they were found. A dismissed note stands no longer, a confirmed one stands however unsure the
model was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlite_utils import Database

from ..domain import Kind, Verdict
from . import search_index, tallies
from .rows import Row, one, rows, update
from .schema import OWN

_NOTE = """n.id AS note_id, n.place AS "where", n.block, n.start, n.stop AS "end", n.quote, n.kind, n.family, n.confidence,
    n.before, n.after, n.standing, n.fate, n.wording, d.decision, d.at AS decided"""


@dataclass(frozen=True, slots=True)
class Stand:
    """The notes of a revision as a person's decisions leave them: those that stand, those to review, those dismissed."""

    notes: list[Row]
    possible: list[Row]
    dismissed: list[Row]

    @property
    def verdict(self) -> Verdict:
        """What the notes that stand make of the page."""
        return verdict_of(self.notes)

    @property
    def families(self) -> str:
        """The families that stand, as a JSON list in a fixed order."""
        return json.dumps(sorted({note["family"] for note in self.notes}))

    @property
    def wordings(self) -> str:
        """The wordings of the notes that stand, as a JSON list in a fixed order."""
        return json.dumps(sorted({note["wording"] for note in self.notes}))


def verdict_of(notes: list[Row]) -> Verdict:
    """Disclosed if one of the notes is a disclosure, else undisclosed if one is a leak, else none."""
    kinds = {note["kind"] for note in notes}
    if Kind.DISCLOSURE.value in kinds:
        return Verdict.DISCLOSED
    return Verdict.UNDISCLOSED if kinds else Verdict.NONE


def stand_of(db: Database, revision: int) -> Stand:
    """The notes of a revision, in the order they stand on the page."""
    found = rows(
        db,
        f"""SELECT {_NOTE} FROM notes n JOIN revisions r ON r.id = n.revision
        LEFT JOIN decisions d ON d.page = r.page AND d.place = n.place AND d.quote = n.quote
        WHERE n.revision = ? ORDER BY n.id""",
        revision,
    )
    stand = Stand([], [], [])
    for note in found:
        _where(stand, note).append(note)
    return stand


def _where(stand: Stand, note: Row) -> list[Row]:
    if note["decision"] == "dismissed":
        return stand.dismissed
    return stand.notes if note["standing"] or note["decision"] == "confirmed" else stand.possible


@contextmanager
def kept_in_step(db: Database, page_id: int) -> Iterator[None]:
    """Around every change of a page, its making and its deletion: what follows from it follows."""
    share, words = tallies.share_of(db, page_id), search_index.words_of(db, page_id)
    yield
    _settle(db, page_id)
    tallies.move(db, share, tallies.share_of(db, page_id))
    search_index.replace(db, page_id, words, search_index.words_of(db, page_id))


def _settle(db: Database, page_id: int) -> None:
    page = one(db, "SELECT revision FROM pages WHERE id = ?", page_id)
    if page is None:
        return
    stand = stand_of(db, page["revision"])
    removed = one(db, "SELECT coalesce(sum(removed), 0) AS n FROM revisions WHERE page = ?", page_id)
    follows = {"verdict": stand.verdict.value, "families": stand.families, "wordings": stand.wordings}
    update(db, "pages", page_id, {**follows, "removed": removed["n"] if removed else 0})
    db.execute(
        """UPDATE notes SET review = (SELECT p.source = ? AND p.revision = r.id AND NOT EXISTS (SELECT 1 FROM decisions d
            WHERE d.page = p.id AND d.place = notes.place AND d.quote = notes.quote)
            FROM revisions r JOIN pages p ON p.id = r.page WHERE r.id = notes.revision)
        WHERE revision IN (SELECT id FROM revisions WHERE page = ?)""",
        [OWN, page_id],
    )
