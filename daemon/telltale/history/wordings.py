"""Which notes have the same words or nearly so: each note belongs to a wording, whose `quote` stands for all of them.

A wording begins with the first note of its kind. Its words are those of a note; after every deletion of pages, those of a
note that is still recorded.
"""

from __future__ import annotations

from sqlite_utils import Database

from .page_state import stand_of
from .resemblance import LIKE, bands, likeness, pieces
from .rows import Row, insert, one, rows, update

MOST_COMPARED = 50  # wordings that share a band; more are texts so short that comparing further tells nothing


def add_note(db: Database, row: Row) -> None:
    """Add a row of `notes` with its wording."""
    insert(db, "notes", {**row, "wording": wording_of(db, row["quote"])})


def wording_of(db: Database, quote: str) -> int:
    """The wording of a quote, made if none is alike."""
    found = pieces(quote)
    numbers = bands(found)
    known = _known(db, numbers)
    best = max(known, key=lambda row: (likeness(found, pieces(row["quote"])), -row["id"]), default=None)
    if best and likeness(found, pieces(best["quote"])) >= LIKE:
        return int(best["id"])
    made = insert(db, "wordings", {"quote": quote})
    db.conn.executemany("INSERT OR IGNORE INTO bands (band, wording) VALUES (?, ?)", [(n, made) for n in numbers])
    return made


def forget(db: Database) -> None:
    """After deletions: wordings of no note go, and words that no note has any more are replaced by a note's own."""
    db.execute("DELETE FROM wordings WHERE id NOT IN (SELECT wording FROM notes WHERE wording IS NOT NULL)")
    lost = rows(
        db,
        """SELECT id FROM wordings w
        WHERE NOT EXISTS (SELECT 1 FROM notes WHERE wording = w.id AND quote = w.quote)""",
    )
    for row in lost:
        first = one(db, "SELECT quote FROM notes WHERE wording = ? ORDER BY id LIMIT 1", row["id"])
        assert first
        update(db, "wordings", row["id"], first)
        db.execute("DELETE FROM bands WHERE wording = ?", [row["id"]])
        numbers = bands(pieces(first["quote"]))
        db.conn.executemany(
            "INSERT OR IGNORE INTO bands (band, wording) VALUES (?, ?)", [(n, row["id"]) for n in numbers]
        )


def rebuild(db: Database) -> None:
    """All wordings anew, after notes were written in bulk: ten seconds for 30,000 notes. Counts are the caller's matter."""
    db.execute("DELETE FROM wordings")
    known: dict[str, int] = {}
    for note in rows(db, "SELECT id, quote FROM notes ORDER BY id"):
        if note["quote"] not in known:
            known[note["quote"]] = wording_of(db, note["quote"])
        update(db, "notes", note["id"], {"wording": known[note["quote"]]})
    db.execute("UPDATE pages SET wordings = '[]' WHERE wordings != '[]'")
    for page in rows(db, "SELECT id, revision FROM pages WHERE verdict != 'none'"):
        update(db, "pages", page["id"], {"wordings": stand_of(db, page["revision"]).wordings})


def _known(db: Database, numbers: list[int]) -> list[Row]:
    marks = ", ".join("?" * len(numbers))
    return rows(
        db,
        f"""SELECT id, quote FROM wordings WHERE id IN (SELECT wording FROM bands WHERE band IN ({marks}))
        ORDER BY id LIMIT ?""",
        *numbers, MOST_COMPARED,
    )  # fmt: skip
