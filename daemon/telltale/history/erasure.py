"""Deleting, so that nothing of what was deleted is left in the files.

`secure_delete` (see `database`) overwrites rows as they go. What it cannot reach is done by `erase`: words that were
deleted from the full-text index, free pages of the file, and old pages in the write-ahead log.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlite_utils import Database

from . import search_index, tallies, wordings
from .database import PATIENCE, HistoryError
from .page_state import kept_in_step
from .rows import rows
from .schema import OWN

MANY = 1_000  # pages; from here on counting and indexing all anew is faster than taking out one by one


def delete(db: Database, what: str, value: int | str) -> int:
    """Delete the "page_id", the "outlet" or "all", whatever the value is then; how many pages."""
    if what == "page_id":
        return delete_page(db, int(value))
    return delete_outlet(db, str(value)) if what == "outlet" else delete_all(db)


def delete_page(db: Database, page_id: int) -> int:
    """Delete a page with all its evidence; how many were deleted, 0 or 1."""
    return _delete(db, _ids(db, "id = ?", page_id))


def delete_outlet(db: Database, domain: str, source: int = OWN) -> int:
    """Delete all pages of an outlet; how many. That sites were joined to it goes with its last page of any source."""
    deleted = _delete(db, _ids(db, "outlet = ? AND source = ?", domain, source))
    db.execute(
        "DELETE FROM aliases WHERE outlet = ? AND NOT EXISTS (SELECT 1 FROM pages WHERE outlet = ?)", [domain] * 2
    )
    return deleted


def delete_source(db: Database, source: int) -> int:
    """Delete an imported history; how many pages. This browser's own is no import: `delete_all` does that."""
    deleted = _delete(db, _ids(db, "source = ?", source)) if source != OWN else 0
    db.execute("DELETE FROM sources WHERE id = ? AND id != ?", [source, OWN])
    return deleted


def delete_all(db: Database) -> int:
    """Delete every page of every source; how many. Pairings and settings stay."""
    deleted = _delete(db, _ids(db, "1"))
    db.execute("DELETE FROM sources WHERE id != ?", [OWN])
    db.execute("DELETE FROM aliases")
    return deleted


def delete_older(db: Database, before: str, noted: bool) -> int:
    """Delete this browser's pages last seen before a time; how many. Those on which a note was ever found only if
    `noted`."""
    never = """AND verdict = 'none' AND removed = 0 AND id NOT IN (SELECT page FROM decisions)
        AND id NOT IN (SELECT page FROM revisions WHERE verdict != 'none')"""
    return _delete(db, _ids(db, f"source = ? AND last_seen < ? {'' if noted else never}", OWN, before))


def erase(db: Database) -> None:
    """After deletions, outside of a transaction: leave nothing of what was deleted. Seconds for 100,000 pages.

    Raises HistoryError while somebody else reads the log: then it cannot be emptied.
    """
    search_index.optimize(db)
    db.execute("VACUUM")
    until = time.monotonic() + PATIENCE
    while _log_is_busy(db):
        if time.monotonic() > until:
            raise HistoryError(
                "The pages are deleted, but another program, such as an export, still reads the history: what they said "
                "leaves its log with the next deletion, or when Telltale stops."
            )
        time.sleep(0.01)


def _log_is_busy(db: Database) -> bool:
    """Empty the write-ahead log. Where that cannot be, SQLite says so in a row and raises nothing."""
    return bool(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0])


def _ids(db: Database, where: str, *values: str | int) -> list[int]:
    return [row["id"] for row in rows(db, f"SELECT id FROM pages WHERE {where}", *values)]


def _delete(db: Database, ids: Sequence[int]) -> int:
    if len(ids) < MANY:
        for page_id in ids:
            with kept_in_step(db, page_id):
                db.execute("DELETE FROM pages WHERE id = ?", [page_id])
    else:
        db.conn.executemany("DELETE FROM pages WHERE id = ?", [(page_id,) for page_id in ids])
        tallies.recount(db)
        search_index.rebuild(db)
    wordings.forget(db)
    return len(ids)
