"""The history's file: made private, opened durable, brought up to date."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from .migrations import migrations

PATIENCE = 5.0  # seconds that a write waits for another process, such as `telltale pair`


_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class HistoryError(Exception):
    """The history cannot be read or written; the message is one sentence that says why."""


class HistoryDamaged(HistoryError):
    """The file is damaged, or is no database."""


def open_database(path: Path) -> Database:
    """Open the history's file, made if missing (file 0600, folder 0700), and migrate it.

    Raises HistoryError, and HistoryDamaged where the file itself is at fault.
    """
    try:
        make_private(path)
        db = connect(path)
    except (OSError, sqlite3.Error) as error:
        raise failure(path, "opened", error) from error
    try:
        _refuse_newer(db, path)
        _migrate(db)
    except sqlite3.Error as error:
        db.close()
        raise failure(path, "used", error) from error
    except HistoryError:
        db.close()
        raise
    return db


def failure(path: Path, verb: str, error: OSError | sqlite3.Error) -> HistoryError:
    """What went wrong with a history as its exception: `verb` is opened, used, read or written."""
    damaged = isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
    if damaged:
        return HistoryDamaged(
            f"The history {path} cannot be {verb}: {reason(error)}; stop Telltale and run `telltale doctor --repair`."
        )
    return HistoryError(f"The history {path} cannot be {verb}: {reason(error)}.")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set the journal's mode. SQLite does not wait its turn for this one while another process does the same."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def connect(path: Path) -> Database:
    """A connection with the pragmas that every connection needs. Used by one thread at a time."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(connection)
        # FULL: a page that was acknowledged survives not only kill -9 but the loss of power.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is deleted is overwritten, not only forgotten; `erasure` does what this cannot reach.
        connection.execute("PRAGMA secure_delete=ON")
        # A file from elsewhere must not run what its triggers or views name.
        connection.execute("PRAGMA trusted_schema=OFF")
    except sqlite3.Error:
        connection.close()
        raise
    return Database(connection)


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All or nothing. IMMEDIATE, because a transaction that begins as a reader may not wait for another writer."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()


def reason(error: OSError | sqlite3.Error) -> str:
    """Why, in words without the error's number."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def make_private(path: Path) -> None:
    """Make the folder 0700 if it is missing, and the file 0600. Raises OSError."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
    # Made before SQLite opens it: the -wal and -shm files get the mode of the main file.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))
    path.chmod(0o600)


def _refuse_newer(db: Database, path: Path) -> None:
    """What a newer version wrote an older one would damage without noticing."""
    with closing(Database(memory=True)) as empty:
        known = {step.name for step in migrations.pending(empty)}
    unknown = [step.name for step in migrations.applied(db) if step.name not in known]
    if unknown:
        raise HistoryError(
            f"The history {path} was written by a newer Telltale (its step {unknown[-1]} is unknown here); "
            "update Telltale, or choose another folder with --data."
        )


def _migrate(db: Database) -> None:
    """All steps or none. What is pending is asked again under the write lock: another process may be as quick."""
    if migrations.pending(db):
        with transaction(db):
            migrations.apply(db)
