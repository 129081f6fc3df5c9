"""Whether a history's file is whole, and holds what was acknowledged."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from telltale.history import open_database
from telltale.history.tallies import TABLES, recount

from .pages import NOTE


def unsound(path: Path) -> list[str]:
    """What is wrong with the file: pages of SQLite, references, and counts that do not follow from the rows."""
    with closing(open_database(path)) as db:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
        found += [f"a row of {row[0]} refers to nothing" for row in db.execute("PRAGMA foreign_key_check").fetchall()]
        counted = {name: list(db[name].rows) for name in TABLES}
        recount(db)
        found += [f"{name} is counted wrong" for name in TABLES if list(db[name].rows) != counted[name]]
    return found


def lost(path: Path, acknowledged: Collection[str]) -> list[str]:
    """The addresses that were acknowledged and are not there, or are there without their note."""
    sql = "SELECT p.url FROM pages p JOIN notes n ON n.revision = p.revision WHERE n.quote = ?"
    with closing(open_database(path)) as db:
        there = {row[0] for row in db.execute(sql, [NOTE]).fetchall()}
    return sorted(set(acknowledged) - there)
