"""A corpus that was scanned into the history, as a source of its own: it counts for nothing that this browser read.

A page is seen at a time, and only a later sight adds to it. So the same records may come again, after a kill or in a
second scan, and nothing is doubled.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ..domain import Page, Reading
from .database import HistoryError, failure, open_database, transaction
from .rows import insert, one
from .schema import OWN
from .store import Sighting, record

LONGEST_NAME = 100
BATCH = 100  # pages a transaction: about a tenth of a second, after which a running daemon can write


class Scanned:
    """The source of a name in the history's file; the daemon may run meanwhile.

    It takes the rows of a scan, each with the `page` and the `reading` it was made from, as the scan's sinks do.
    """

    seconds = 1.0

    def __init__(self, database: Path, name: str, now: str) -> None:
        """Open the history and find or make the source. `now`, in UTC as ISO seconds, is when a page was seen that does
        not say so itself. Raises HistoryError."""
        self.name, self._path, self._now = name, database, now
        self._db = open_database(database)
        self._waiting: list[Sighting] = []
        try:
            with self._writing():
                self._source = source_of(self._db, name, now)
        except HistoryError:
            self._db.close()
            raise

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take rows. Raises HistoryError."""
        for row in rows:
            self._waiting.append(_sighting(row, self._now))
            if len(self._waiting) >= BATCH:
                self._commit()

    def mark(self) -> str:
        """Make all rows lasting. What is returned, given as `now` when the scan goes on, makes the same sightings."""
        self._commit()
        return self._now

    def close(self, finished: bool) -> None:
        """Close the history."""
        self._db.close()

    def _commit(self) -> None:
        with self._writing():
            for seen in self._waiting:
                see(self._db, seen, self._source)
        self._waiting = []

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with transaction(self._db):
                yield
        except sqlite3.Error as error:
            raise failure(self._path, "written", error) from error


def source_of(db: Database, name: str, now: str) -> int:
    """The source that scans of this name go into, made if there is none. Raises HistoryError where the name is taken."""
    own = one(db, "SELECT history FROM sources WHERE id = ?", OWN)
    assert own
    identity = blake2b(f"{own['history']} scan {name}".encode(), digest_size=16).hexdigest()
    if found := one(db, "SELECT id FROM sources WHERE history = ?", identity):
        return int(found["id"])
    if not name.strip() or len(name) > LONGEST_NAME or one(db, "SELECT 1 FROM sources WHERE name = ?", name):
        raise HistoryError(
            f"A source cannot be called '{name}': it needs a name of at most {LONGEST_NAME} characters "
            "that no imported history has."
        )
    return insert(db, "sources", {"name": name, "added": now, "history": identity})


def see(db: Database, seen: Sighting, source: int) -> None:
    """Write a sighting down unless the source has seen the page then or later: an archive is not always in the order of
    time, and what was seen before cannot be put between two sights without claiming to know when words went."""
    old = one(db, "SELECT last_seen FROM pages WHERE url = ? AND source = ?", seen.url, source)
    if old is None or seen.at > old["last_seen"]:
        record(db, seen, source)


def _sighting(row: dict[str, Any], now: str) -> Sighting:
    page: Page = replace(row["page"], lang=row["lang"][:LONGEST_NAME], published=row["published"][:LONGEST_NAME])
    reading: Reading = row["reading"]
    return Sighting(row["url"], row["outlet"], page, reading, row["seen"] or now)
