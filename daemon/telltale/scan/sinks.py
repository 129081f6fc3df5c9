"""Where results go. A sink's `mark` says how much of it is lasting; opened with a mark it is cut back to that, and refused
where it holds less."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Protocol

from .formats import STDIN as STDOUT
from .formats import needed
from .raw import Row, ScanError

_COLUMNS = (
    "id", "url", "outlet", "title", "byline", "published", "seen", "lang", "verdict", "sentences", "text_sha256",
    "same_text", "model",
)  # fmt: skip
_NOTE = ("kind", "family", "confidence", "where", "block", "start", "end", "quote", "before", "after")


class Sink(Protocol):
    """`seconds` is how often it is worth making what it holds lasting."""

    seconds: float

    def write(self, rows: Iterable[Row]) -> None:
        """Take rows of the stage."""

    def mark(self) -> Any:
        """Make all rows lasting, and say how much there is."""

    def close(self, finished: bool) -> None:
        """Close it; `finished` when nothing more will come."""


def open_sink(path: Path, mark: Any) -> Sink:
    """The sink that a path's suffix names: .parquet, .db or .sqlite, else NDJSON."""
    kinds: dict[str, type[Parquet] | type[Sqlite]] = {".parquet": Parquet, ".db": Sqlite, ".sqlite": Sqlite}
    try:
        return kinds.get(path.suffix.lower(), Lines)(path, mark)
    except (OSError, sqlite3.Error) as error:
        raise ScanError(f"{path} cannot be written: {error}.") from None


def _require(path: Path, whole: bool) -> None:
    """Raise ScanError unless the output is `whole`: to go on behind what is gone would lose it without a word."""
    if not whole:
        raise ScanError(
            f"{path} no longer holds what the scan had written to it; put it back to go on, or use --overwrite to begin anew."
        )


def holds_something(path: Path) -> bool:
    """Whether there is a file that is not empty: one that was only touched holds no results."""
    return path.exists() and path.stat().st_size > 0


def public(note: Row) -> Row:
    """A note as it is written: its place in the block is of use to the history alone."""
    return {name: value for name, value in note.items() if name != "in_block"}


class Lines:
    """NDJSON: a line of JSON for each row. The mark is the number of bytes."""

    seconds = 1.0

    def __init__(self, path: Path, mark: Any = 0, mode: int = 0o644) -> None:
        self._file: IO[bytes] | None = None
        self._path, self._mark, self._mode = path, int(mark or 0), mode
        if mark is not None or path == STDOUT:
            self._open()

    def _open(self) -> IO[bytes]:
        if self._path == STDOUT:
            self._file = sys.stdout.buffer
        else:
            _require(self._path, not self._mark or (self._path.exists() and self._path.stat().st_size >= self._mark))
            self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, self._mode), "r+b")
            self._file.truncate(self._mark)
            self._file.seek(self._mark)
        return self._file

    def write(self, rows: Iterable[Row]) -> None:
        """One line each."""
        for row in rows:
            notes = {name: [public(n) for n in row[name]] for name in ("notes", "possible") if name in row}
            shown = {name: value for name, value in row.items() if name != "key"}  # that one is the scan's own
            text = json.dumps({**shown, **notes}, ensure_ascii=False)
            line = text.encode(errors="replace") + b"\n"  # a file's name need not be UTF-8
            self._mark += (self._file or self._open()).write(line)
        if self._path == STDOUT and self._file:
            self._file.flush()

    def mark(self) -> Any:
        """None while nothing was ever written and no file made."""
        if self._file and self._path != STDOUT:
            self._file.flush()
            os.fsync(self._file.fileno())
        return self._mark if self._file else None

    def close(self, finished: bool) -> None:
        """Leave the file as it is."""
        if self._file and self._path != STDOUT:
            self._file.close()


class Sqlite:
    """Tables `pages` and `notes`; `outlets` comes with the summary. The mark is the last page's number."""

    seconds = 1.0

    def __init__(self, path: Path, mark: Any = None) -> None:
        self._last = int(mark or 0)
        _require(path, not self._last or path.exists())
        self.db = sqlite3.connect(path, isolation_level=None)
        try:
            self._make(path)
        except (ScanError, sqlite3.Error):
            self.db.close()
            raise

    def _make(self, path: Path) -> None:
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute(f"CREATE TABLE IF NOT EXISTS pages (page INTEGER PRIMARY KEY, {', '.join(_COLUMNS)})")
        names = ", ".join(f'"{n}"' for n in _NOTE)
        self.db.execute(
            f"CREATE TABLE IF NOT EXISTS notes (page INTEGER REFERENCES pages (page), outlet, standing, {names})"
        )
        found = self.db.execute("SELECT ifnull(max(page), 0) FROM pages").fetchone()
        _require(path, found[0] >= self._last)
        self.db.execute("BEGIN")
        for table in ("pages", "notes"):
            self.db.execute(f"DELETE FROM {table} WHERE page > ?", [self._last])

    def write(self, rows: Iterable[Row]) -> None:
        """A page each, and its notes."""
        for row in rows:
            self._last += 1
            values = [self._last, _held(row["id"]), *(row[name] for name in _COLUMNS[1:])]
            self.db.execute(f"INSERT INTO pages VALUES ({', '.join('?' * len(values))})", values)
            for standing, notes in ((1, row["notes"]), (0, row["possible"])):
                for note in notes:
                    found = {"where": "block", **note}
                    values = [self._last, row["outlet"], standing, *(found[name] for name in _NOTE)]
                    self.db.execute(f"INSERT INTO notes VALUES ({', '.join('?' * len(values))})", values)

    def mark(self) -> Any:
        """Commit."""
        self.db.execute("COMMIT")
        self.db.execute("BEGIN")
        return self._last

    def close(self, finished: bool) -> None:
        """With indexes, once it is finished; one file to send."""
        self.db.rollback()
        if finished:
            for table, column in (("pages", "outlet"), ("pages", "verdict"), ("notes", "page"), ("notes", "family")):
                self.db.execute(f"CREATE INDEX IF NOT EXISTS {table}_{column} ON {table} ({column})")
            self.db.execute("PRAGMA journal_mode=DELETE").fetchall()
        self.db.close()


def _held(id: str | int) -> str | int:
    """An id as SQLite can hold it: its integers have 64 bits, a larger one is kept as text."""
    return id if isinstance(id, str) or -(2**63) <= id < 2**63 else str(id)


class Parquet:
    """One Parquet file. It can only be written whole, so parts are kept in a folder beside it until the scan is finished;
    the mark is the number of whole parts."""

    seconds = 60.0
    _PART_ROWS = 20_000

    def __init__(self, path: Path, mark: Any = None) -> None:
        self._path, self._folder = path, path.with_name(path.name + ".parts")
        self._arrow, self._files = needed("pyarrow"), needed("pyarrow.parquet")
        self._parts, self._rows = int(mark or 0), list[Row]()
        # Where the file stands it is whole, and an earlier run was killed while it deleted the parts.
        _require(path, holds_something(path) or all(self._part(number).exists() for number in range(self._parts)))
        self._folder.mkdir(exist_ok=True)
        for part in self._folder.iterdir():
            if part.name >= self._part(self._parts).name:
                part.unlink()
        self._schema = self._made_schema()

    def _part(self, number: int) -> Path:
        return self._folder / f"{number:08}.parquet"

    def _made_schema(self) -> Any:
        a = self._arrow
        plain = {"confidence": a.float64(), "block": a.int32(), "start": a.int64(), "end": a.int64()}
        note = a.struct([(name, plain.get(name, a.string())) for name in _NOTE])
        types = {"sentences": a.int32(), "same_text": a.bool_()}
        columns = [(name, types.get(name, a.string())) for name in _COLUMNS]
        return a.schema([*columns, ("notes", a.list_(note)), ("possible", a.list_(note))])

    def write(self, rows: Iterable[Row]) -> None:
        """Rows are held until there are enough for a part."""
        for row in rows:
            self._rows.append({**row, "id": str(row["id"])} | {n: _nested(row[n]) for n in ("notes", "possible")})
        if len(self._rows) >= self._PART_ROWS:
            self._write_part()

    def _write_part(self) -> None:
        if not self._rows:
            return
        table = self._arrow.Table.from_pylist(self._rows, schema=self._schema)
        path = self._part(self._parts)
        self._files.write_table(table, path, compression="zstd")
        with path.open("rb") as file:
            os.fsync(file.fileno())
        self._parts, self._rows = self._parts + 1, []

    def mark(self) -> Any:
        """Write what is held as a part."""
        self._write_part()
        return self._parts

    def close(self, finished: bool) -> None:
        """Put the parts together, one at a time, once it is finished."""
        if not finished:
            return
        parts = sorted(self._folder.iterdir())
        # If some are missing, an earlier run was killed while it deleted them: the file was whole before.
        if len(parts) >= self._parts or not holds_something(self._path):
            self._put_together(parts)
        for part in parts:
            part.unlink()
        self._folder.rmdir()

    def _put_together(self, parts: list[Path]) -> None:
        whole = self._path.with_name(self._path.name + ".tmp")
        with self._files.ParquetWriter(whole, self._schema, compression="zstd") as out:
            for part in parts:
                out.write_table(self._files.read_table(part, schema=self._schema))
        whole.replace(self._path)


def _nested(notes: list[Row]) -> list[Row]:
    return [{"where": "block", **public(n)} for n in notes]
