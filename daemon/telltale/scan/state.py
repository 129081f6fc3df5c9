"""How far a scan has come, in a file beside its output: a scan that was ended goes on from there.

Everything that is committed here was written to the output before, and the output is cut back to what is committed when
the scan goes on: each record's row stands there exactly once.
"""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

from .known import packed_row
from .raw import Done, Row, ScanError

_TABLES = """
CREATE TABLE IF NOT EXISTS told (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (hash BLOB PRIMARY KEY, reading TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (outlet TEXT, hash BLOB, PRIMARY KEY (outlet, hash)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outlets (outlet TEXT PRIMARY KEY, records INTEGER NOT NULL, pages INTEGER NOT NULL,
    undisclosed INTEGER NOT NULL, disclosed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS families (outlet TEXT, family TEXT, pages INTEGER NOT NULL, PRIMARY KEY (outlet, family))
    STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS days (day TEXT PRIMARY KEY, pages INTEGER NOT NULL, undisclosed INTEGER NOT NULL,
    disclosed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


class State:
    """The state of one scan. Nothing is lasting until `commit`."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises ScanError."""
        self.path = path
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self.db = sqlite3.connect(path, isolation_level=None)
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=FULL")
            self.db.executescript(_TABLES)
            self.db.execute("BEGIN IMMEDIATE")
        except (OSError, sqlite3.Error) as error:
            raise ScanError(f"The state {path} of the scan cannot be used: {error}.") from None

    def told(self, name: str) -> Any:
        """What was kept under a name, None if nothing was."""
        row = self.db.execute("SELECT value FROM told WHERE name = ?", [name]).fetchone()
        return json.loads(row[0]) if row else None

    def tell(self, name: str, value: Any) -> None:
        """Keep a value under a name."""
        self.db.execute("INSERT OR REPLACE INTO told VALUES (?, ?)", [name, json.dumps(value)])

    def add(self, done: Done) -> None:
        """Count what became of a batch, and remember where it ended."""
        for row in done.rows:
            self._add_row(row)
        self._count("errors", len(done.faults))
        for name, count in done.left_out.items():
            self._count(f"left out by {name}", count)
        self.tell("at", [done.part, done.at])
        self.tell("read", done.done)

    def commit(self, **marks: Any) -> None:
        """Make everything so far lasting, with the outputs' marks."""
        self.tell("marks", marks)
        self.db.execute("COMMIT")
        self.db.execute("BEGIN IMMEDIATE")

    def close(self, finished: bool = False) -> None:
        """Close the file; a finished scan leaves none."""
        self.db.rollback()
        self.db.close()
        if finished:
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _add_row(self, row: Row) -> None:
        digest = bytes.fromhex(row["text_sha256"])
        self._count("records", 1)
        self._count("same text", row["same_text"])
        self.db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", [bytes.fromhex(row["key"]), packed_row(row)])
        # The same text twice at one outlet is one page of it, however often it was crawled.
        new = self.db.execute("INSERT OR IGNORE INTO pages VALUES (?, ?)", [row["outlet"], digest]).rowcount
        counts = [new, new * (row["verdict"] == "undisclosed"), new * (row["verdict"] == "disclosed")]
        self._plus("outlets", "outlet", [row["outlet"]], ("records", "pages", "undisclosed", "disclosed"), [1, *counts])
        if day := (row["published"] or row["seen"])[:10]:
            self._plus("days", "day", [day], ("pages", "undisclosed", "disclosed"), counts)
        for family in {n["family"] for n in row["notes"]} if new else ():
            self._plus("families", "outlet, family", [row["outlet"], family], ("pages",), [1])

    def _count(self, name: str, count: int) -> None:
        if count:
            self._plus("counts", "name", [name], ("count",), [int(count)])

    def _plus(self, table: str, key: str, values: list[Any], names: tuple[str, ...], counts: list[int]) -> None:
        added = ", ".join(f"{n} = {n} + excluded.{n}" for n in names)
        marks = ", ".join("?" * (len(values) + len(counts)))
        self.db.execute(
            f"INSERT INTO {table} ({key}, {', '.join(names)}) VALUES ({marks}) ON CONFLICT DO UPDATE SET {added}",
            [*values, *counts],
        )
