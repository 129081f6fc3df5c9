"""One daemon on one folder: two would each believe that nobody else moves or repairs the file."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from .database import HistoryError, failure, make_private


def hold(database: Path) -> FileLock:
    """Hold the folder of a history until `release()` or the end of the process, kill -9 included. Raises HistoryError."""
    lock = FileLock(database.with_suffix(".lock"), timeout=0, mode=0o600, thread_local=False)
    try:
        make_private(database)
        lock.acquire()
    except Timeout:
        raise HistoryError(
            f"Another Telltale uses the history in {database.parent}; stop it, or choose another folder with --data."
        ) from None
    except OSError as error:
        raise failure(database, "opened", error) from error
    return lock
