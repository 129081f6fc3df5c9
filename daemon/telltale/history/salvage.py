"""Getting back what can be read of a damaged history, into a new file. The damaged file is only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database

from . import search_index, tallies, wordings
from .database import failure, open_database, transaction
from .page_state import kept_in_step

_FARTHEST = 2**62  # no row has a number beyond
_MADE_ANEW = (*tallies.TABLES, "wordings", "bands")
_Values = tuple[object, ...]


def is_whole(path: Path) -> bool:
    """Whether SQLite finds no fault in a file. Reads all of it: seconds for a million pages."""
    try:
        with closing(_read_only(path)) as old:
            return [row[0] for row in old.execute("PRAGMA integrity_check(1)")] == ["ok"]
    except sqlite3.Error:
        return False


def salvage(damaged: Path, target: Path) -> dict[str, int]:
    """Copy every row that can be read into a new history; how many of each table. Raises HistoryError.

    What follows from the rows (counts, search index) is made anew. Notes whose page is lost are dropped, and so is a page
    all of whose evidence is lost: it could not be told what was seen on it.
    """
    try:
        with closing(_read_only(damaged)) as old, closing(open_database(target)) as db:
            db.execute("PRAGMA foreign_keys=OFF")
            with transaction(db):
                tables = _tables(db)
                for table in tables:
                    _copy(old, db, table)
                _drop_orphans(db)
                _settle(db)
            return {table: db[table].count for table in tables}
    except sqlite3.Error as error:
        raise failure(damaged, "read", error) from error


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _tables(db: Database) -> list[str]:
    """What is not made from something else: no view, no index of words, no counts."""
    found = [row[1] for row in db.execute("PRAGMA main.table_list").fetchall() if row[2] == "table"]
    return [name for name in found if not name.startswith(("sqlite_", "_sqlite_")) and name not in _MADE_ANEW]


def _copy(old: sqlite3.Connection, db: Database, table: str) -> None:
    known = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
    columns = [column.name for column in db[table].columns if column.name in known]
    if not columns:
        return
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    sql = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"
    for row in _readable(old, table, names):
        if any(isinstance(value, str) and "\0" in value for value in row):
            continue  # zeros in the place of words: no text that was kept has any
        with suppress(sqlite3.IntegrityError):  # damage that reads as a row, but as none of this table
            db.conn.execute(sql, row)


def _readable(old: sqlite3.Connection, table: str, names: str) -> Iterator[_Values]:
    try:
        old.execute(f"SELECT rowid FROM {table} LIMIT 0")
    except sqlite3.OperationalError:  # a table without row numbers
        yield from _until_damage(old, f"SELECT {names} FROM {table}")
        return
    numbered = f"SELECT rowid, {names} FROM {table} WHERE rowid > ? AND rowid < ? ORDER BY rowid"
    last, step = -1, 1
    while last < _FARTHEST:
        begin = last
        for found in _until_damage(old, numbered, begin, _FARTHEST):
            number = int(str(found[0]))
            if number > begin:  # SQLite reads zeros as rows with the number 0, wherever they stand
                last, step = max(last, number), 1
                yield found[1:]
        if _ends_after(old, table, last):
            return
        gap, last, step = last, last + step, step * 2
        # Between the last row before the damage and the jump over it, from behind.
        for found in _until_damage(old, numbered + " DESC", gap, last + 1):
            yield found[1:]


def _ends_after(old: sqlite3.Connection, table: str, last: int) -> bool:
    """Whether no row follows; unknown where the damage is, which counts as more to come."""
    try:
        return old.execute(f"SELECT 1 FROM {table} WHERE rowid > ? LIMIT 1", [last]).fetchone() is None
    except sqlite3.DatabaseError:
        return False


def _until_damage(old: sqlite3.Connection, sql: str, *values: int) -> Iterator[_Values]:
    try:
        yield from old.execute(sql, values)
    except sqlite3.DatabaseError:
        return


def _drop_orphans(db: Database) -> None:
    for statement in (
        "DELETE FROM revisions WHERE page NOT IN (SELECT id FROM pages)",
        """UPDATE pages SET revision = (SELECT max(id) FROM revisions WHERE page = pages.id)
        WHERE revision IS NULL OR revision NOT IN (SELECT id FROM revisions)""",
        "DELETE FROM pages WHERE revision IS NULL",
        "DELETE FROM notes WHERE revision NOT IN (SELECT id FROM revisions)",
        "DELETE FROM decisions WHERE page NOT IN (SELECT id FROM pages)",
    ):
        db.execute(statement)


def _settle(db: Database) -> None:
    """Verdicts by the notes that are left, then everything that is counted or indexed."""
    db.execute("UPDATE pages SET families = '[]' WHERE NOT json_valid(families)")
    wordings.rebuild(db)
    tallies.recount(db)
    search_index.rebuild(db)
    for (page_id,) in db.execute("SELECT id FROM pages WHERE verdict != 'none'").fetchall():
        with kept_in_step(db, page_id):
            pass
