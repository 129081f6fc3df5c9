"""What changed from one revision of a page to the next, in words that claim no more than was seen."""

from __future__ import annotations

from dataclasses import dataclass

from .rows import Row


@dataclass(frozen=True, slots=True)
class Change:
    """Between `after` (the older revision last seen) and `before` (the newer first seen) this is what differs.

    `removed`: notes whose words went from the text. `unflagged`: notes whose words are still there but found no longer.
    `added`: notes of the newer revision that the older lacks.
    """

    after: str
    before: str
    removed: list[Row]
    unflagged: list[Row]
    added: list[Row]
    text_changed: bool
    models: tuple[str, str] | None


def change(older: Row, newer: Row) -> Change:
    """The change between two revisions as `queries.page` gives them."""
    old, new = _all(older), _all(newer)
    known = {(note["where"], note["quote"]) for note in old}
    return Change(
        after=older["last_seen"],
        before=newer["first_seen"],
        removed=[note for note in old if note["fate"] == "removed"],
        unflagged=[note for note in old if note["fate"] == "unflagged"],
        added=[note for note in new if (note["where"], note["quote"]) not in known],
        text_changed=older["text_hash"] != newer["text_hash"],
        models=(older["model"], newer["model"]) if older["model"] != newer["model"] else None,
    )


def changes(revisions: list[Row]) -> list[Change]:
    """The changes between revisions that are given newest first, newest first."""
    return [change(older, newer) for newer, older in zip(revisions, revisions[1:], strict=False)]


def _all(revision: Row) -> list[Row]:
    """The notes the model found, dismissed ones too: a decision is no change of the page."""
    return [n for n in (*revision["notes"], *revision["dismissed"]) if n["standing"]]
