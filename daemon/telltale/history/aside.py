"""A history that cannot be read is moved aside, never deleted: what it holds may still be got back."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from ..times import compact
from .database import HistoryDamaged
from .history import History

log = logging.getLogger(__name__)
REPAIRED = "-repaired"  # how the name of what was got back of one ends
_PARTS = ("", "-wal", "-shm")  # SQLite finds a database's other files by its name


def open_or_begin(path: Path) -> History:
    """The history of a file; where the file is damaged, a new one, with the old beside it. Raises HistoryError.

    For whoever holds the folder: nobody else may have the file open as a daemon.
    """
    try:
        return History(path)
    except HistoryDamaged as error:
        kept = move_aside(path, time.time())
        log.error(
            "%s It was moved to %s and a new history begins: pair the extension again, and run "
            "`telltale doctor --repair %s` to get back what can be read.",
            str(error).partition(";")[0] + ".",
            kept,
            kept,
        )
        return History(path)


def move_aside(path: Path, now: float) -> Path:
    """Rename a database with its other files, and return its new name, which nothing had before."""
    kept = path.with_stem(f"{path.stem}-damaged-{compact(now)}")
    tries = 1
    while kept.exists():
        tries += 1
        kept = path.with_stem(f"{path.stem}-damaged-{compact(now)}-{tries}")
    for part in _PARTS:
        found = path.with_name(path.name + part)
        if found.exists():
            found.rename(kept.with_name(kept.name + part))
    return kept


def moved_aside(path: Path) -> list[Path]:
    """The damaged histories beside a history, oldest first."""
    found = path.parent.glob(f"{path.stem}-damaged-*{path.suffix}")
    return sorted(file for file in found if not file.stem.endswith(REPAIRED))
