"""The words of pages in the full-text index. FTS5 keeps no copy of them: to forget words it must be told them again."""

from __future__ import annotations

from sqlite_utils import Database

from .rows import Row, one

_COLUMNS = ("title", "byline", "quotes", "context", "facets")
_NAMES, _MARKS = ", ".join(_COLUMNS), ", ".join("?" * len(_COLUMNS))


def words_of(db: Database, page_id: int) -> Row | None:
    """The words of a page as they are indexed, None when there is no such page."""
    return one(db, f"SELECT {_NAMES} FROM searchable WHERE id = ?", page_id)


def replace(db: Database, page_id: int, old: Row | None, new: Row | None) -> None:
    """Forget the old words of a page and index the new ones."""
    if old == new:
        return
    if old:
        values = ["delete", page_id, *old.values()]
        db.execute(f"INSERT INTO search (search, rowid, {_NAMES}) VALUES (?, ?, {_MARKS})", values)
    if new:
        db.execute(f"INSERT INTO search (rowid, {_NAMES}) VALUES (?, {_MARKS})", [page_id, *new.values()])


def rebuild(db: Database) -> None:
    """Index every page anew: a minute for a million. Nothing of forgotten words is left in the index."""
    db.execute("INSERT INTO search (search) VALUES ('rebuild')")


def optimize(db: Database) -> None:
    """Merge the index into one piece, in which the words that pages forgot are no longer."""
    db.execute("INSERT INTO search (search) VALUES ('optimize')")
