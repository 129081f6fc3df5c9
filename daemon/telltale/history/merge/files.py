"""The pages of a file that is to be imported, as they stand in it: nothing of them is believed here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ..export.pages import of_source
from ..rows import rows

LONGEST_PAGE = 64 * 1024 * 1024  # bytes of a line; a page whose every paragraph is a note, seen often, has a few
_SQLITE = b"SQLite format 3\0"
_TABLES = ("sources", "pages", "revisions", "notes", "decisions")

Raw = tuple[str, Any]  # where in the file, and what stands there


class FileError(ValueError):
    """The file cannot be imported; the message is one sentence that says why."""


def raw_pages(path: Path) -> Iterator[Raw]:
    """Every page of an export (NDJSON or SQLite), or of another computer's history.db. Raises FileError."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(_SQLITE))
        yield from _of_database(path) if begin == _SQLITE else _of_lines(path)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}.") from None
    except sqlite3.Error as error:
        raise FileError(f"{path} cannot be read as a history: {error}.") from None


def _of_lines(path: Path) -> Iterator[Raw]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_PAGE + 1), b""), 1):
            if len(line) > LONGEST_PAGE:
                raise FileError(f"Line {number} is longer than {LONGEST_PAGE // 2**20} MB, which no page is.")
            if line.strip():
                yield f"line {number}", _parsed(line, number)


def _parsed(line: bytes, number: int) -> Any:
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        if number == 1:
            raise FileError("The file is neither NDJSON nor SQLite; `telltale export` writes both.") from None
        return None


def _of_database(path: Path) -> Iterator[Raw]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    with closing(connection):
        for pragma in ("query_only=ON", "trusted_schema=OFF", "cell_size_check=ON"):  # the file may be made to harm
            connection.execute(f"PRAGMA {pragma}")
        db = Database(connection)
        _check_tables(db, path)
        batch = of_source(db)
        while batch:
            yield from ((f"page {page['page_id']}", page) for page in batch)
            batch = of_source(db, batch[-1]["page_id"])


def _check_tables(db: Database, path: Path) -> None:
    """Plain tables, so that no view of a stranger's making is run."""
    known = {row["name"] for row in rows(db, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not known.issuperset(_TABLES) or not (_numbered(db, "pages") and _numbered(db, "revisions")):
        raise FileError(f"{path} is an SQLite file, but no history of Telltale.")


def _numbered(db: Database, table: str) -> bool:
    """Whether every row's `id` is a whole number, and its own."""
    return any(
        c["name"] == "id" and c["type"] == "INTEGER" and c["pk"] for c in rows(db, f"PRAGMA table_info({table})")
    )
