"""A part of the history as a history of its own: it can be opened with Datasette, imported, or kept as a copy.

Pairings, settings and imported histories are not in it, and of decisions only those about its pages.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from .. import search_index, tallies, wordings
from ..database import connect, open_database, transaction
from ..finding import Search
from ..rows import one
from ..schema import OWN
from . import pages

# In an order in which what is referred to is there already.
_COPIED = {
    "pages": "id IN (SELECT id FROM chosen)",
    "revisions": "page IN (SELECT id FROM chosen)",
    "notes": "revision IN (SELECT r.id FROM original.revisions r JOIN chosen c ON c.id = r.page)",
    "decisions": "page IN (SELECT id FROM chosen)",
}


def write(history: Path, target: Path, wanted: Search) -> int:
    """Write the pages that are wanted from the history's file into a new file; how many. Blocking: a minute or two for a
    million.

    Raises SearchError, HistoryError and sqlite3.Error; what was begun is then left for the caller to delete.
    """
    with closing(connect(history).conn) as original:
        numbers = pages.numbers(Database(original), wanted)
    with closing(open_database(target)) as db:
        db.execute("ATTACH ? AS original", [str(history)])
        with db.conn:
            db.execute("BEGIN")  # no `transaction`: IMMEDIATE would keep the daemon from writing to the original, too
            _copy(db, numbers, wanted.source)
        db.execute("DETACH original")
        with transaction(db):
            wordings.rebuild(db)
            tallies.recount(db)
            search_index.rebuild(db)
        db.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, to send
    return len(numbers)


def _copy(db: Database, numbers: list[int], source: int) -> None:
    db.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    db.conn.executemany("INSERT INTO chosen VALUES (?)", ((number,) for number in numbers))
    for table, where in _COPIED.items():
        names = [column.name for column in db[table].columns]
        values = [str(OWN) if (table, name) == ("pages", "source") else name for name in names]
        sql = f"INSERT INTO main.{table} ({', '.join(names)}) SELECT {', '.join(values)} FROM original.{table}"
        db.execute(f"{sql} WHERE {where}")
    of_whom = one(db, "SELECT name, history FROM original.sources WHERE id = ?", source)
    if of_whom:  # it says itself whose pages these are: of a scan, no browser's
        db.execute("UPDATE main.sources SET name = ?, history = ? WHERE id = ?", [*of_whom.values(), OWN])
