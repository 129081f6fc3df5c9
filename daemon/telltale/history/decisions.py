"""What a person decided about a note: that it is one, or that it is none. It holds when the page is seen again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from .page_state import Stand, kept_in_step, stand_of
from .queries import Tally, tally_of
from .rows import one


class Decision(StrEnum):
    """What a person may say of a note."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    UNDO = "undo"


_KEPT = {Decision.CONFIRM: "confirmed", Decision.DISMISS: "dismissed"}


@dataclass(frozen=True, slots=True)
class Feedback:
    """A decision about the words `quote` at the place `where` ("title", "byline" or "block") of a page."""

    page_id: int
    where: str
    quote: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Decided:
    """A page after a decision."""

    stand: Stand
    tally: Tally


class NoSuchNote(LookupError):
    """The page, or that note on it, was never recorded; the message is one sentence."""


def decide(db: Database, feedback: Feedback, at: str) -> Decided:
    """Keep or undo a decision. Runs in the caller's transaction. Raises NoSuchNote."""
    key = [feedback.page_id, feedback.where, feedback.quote]
    _check(db, feedback)
    with kept_in_step(db, feedback.page_id):
        db.execute("DELETE FROM decisions WHERE page = ? AND place = ? AND quote = ?", key)
        if feedback.decision is not Decision.UNDO:
            kept = [*key, _KEPT[feedback.decision], at]
            db.execute("INSERT INTO decisions (page, place, quote, decision, at) VALUES (?, ?, ?, ?, ?)", kept)
    page = one(db, "SELECT revision, outlet, source FROM pages WHERE id = ?", feedback.page_id)
    assert page
    return Decided(stand_of(db, page["revision"]), tally_of(db, page["outlet"], page["source"]))


def _check(db: Database, feedback: Feedback) -> None:
    if one(db, "SELECT 1 FROM pages WHERE id = ?", feedback.page_id) is None:
        raise NoSuchNote(f"No page with the id {feedback.page_id} is recorded.")
    found = one(
        db,
        """SELECT 1 FROM notes n JOIN revisions r ON r.id = n.revision
        WHERE r.page = ? AND n.place = ? AND n.quote = ?""",
        feedback.page_id, feedback.where, feedback.quote,
    )  # fmt: skip
    if found is None:
        raise NoSuchNote("No note with these words was recorded on that page; send 'where' and 'quote' as they came.")
