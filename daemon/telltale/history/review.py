"""The queue of notes that nobody decided about, and what was decided."""

from __future__ import annotations

from sqlite_utils import Database

from .decisions import Decided, Decision, Feedback, NoSuchNote, decide
from .lists import MOST_ID, PART, Part, cursor_of, number_of, part_of
from .rows import Row, one, rows

_NOTE = """n.id AS note_id, n.place AS "where", n.block, n.start, n.stop AS "end", n.quote, n.kind, n.family, n.confidence,
    n.before, n.after, n.standing, n.fate, p.id AS page_id, p.title, p.url, p.outlet, p.byline, p.last_seen"""
_PAGE_OF_NOTE = "JOIN revisions r ON r.id = n.revision JOIN pages p ON p.id = r.page"


def queue(db: Database, standing: bool, after: str | None = None) -> Part:
    """Notes on pages as last seen that nobody decided about: those that stand, or those too unsure to. Newest first.

    Raises CursorError.
    """
    last = number_of(cursor_of(after)[1]) if after else MOST_ID
    found = rows(
        db,
        f"""SELECT {_NOTE}, NULL AS decision, NULL AS decided FROM notes n {_PAGE_OF_NOTE}
        WHERE n.review = 1 AND n.standing = ? AND n.id < ? ORDER BY n.id DESC LIMIT ?""",
        int(standing), last, PART + 1,
    )  # fmt: skip
    return part_of(found, lambda n: f"~{n['note_id']}")


def waiting(db: Database, standing: bool) -> int:
    """How many notes wait for a decision."""
    found = one(db, "SELECT count(*) AS n FROM notes WHERE review = 1 AND standing = ?", int(standing))
    assert found
    return int(found["n"])


def decided(db: Database, after: str | None = None) -> Part:
    """Notes that were decided about, the latest decision first, each once a page. Raises CursorError."""
    last = number_of(cursor_of(after)[1]) if after else MOST_ID
    found = rows(
        db,
        f"""SELECT {_NOTE}, d.id AS decision_id, d.decision, d.at AS decided FROM decisions d
        JOIN notes n ON n.id = (SELECT max(n.id) FROM revisions r JOIN notes n ON n.revision = r.id
            WHERE r.page = d.page AND n.place = d.place AND n.quote = d.quote) {_PAGE_OF_NOTE}
        WHERE d.id < ? ORDER BY d.id DESC LIMIT ?""",
        last, PART + 1,
    )  # fmt: skip
    return part_of(found, lambda n: f"~{n['decision_id']}")


def note(db: Database, note_id: int) -> Row | None:
    """One note with its page and what was decided about it."""
    return one(
        db,
        f"""SELECT {_NOTE}, d.decision, d.at AS decided FROM notes n {_PAGE_OF_NOTE}
        LEFT JOIN decisions d ON d.page = p.id AND d.place = n.place AND d.quote = n.quote WHERE n.id = ?""",
        note_id,
    )


def decide_note(db: Database, note_id: int, decision: Decision, at: str) -> Decided:
    """`decisions.decide` for the note with an id. Raises NoSuchNote."""
    found = note(db, note_id)
    if found is None:
        raise NoSuchNote("That note is no longer recorded.")
    return decide(db, Feedback(found["page_id"], found["where"], found["quote"], decision), at)
