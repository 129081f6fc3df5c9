"""How long pages are kept: for ever, unless a person chose otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from ..times import iso
from .erasure import delete_older
from .rows import rows

DAY = 24 * 3600
MOST_DAYS = 36_500  # a century


@dataclass(frozen=True, slots=True)
class Retention:
    """Pages last seen `days` ago or earlier are deleted, 0 for never; `noted`: also pages with notes."""

    days: int = 0
    noted: bool = False


def retention(db: Database) -> Retention:
    """What was chosen."""
    kept = {row["name"]: row["value"] for row in rows(db, "SELECT name, value FROM settings")}
    return Retention(int(kept.get("keep_days", 0)), kept.get("keep_noted", "1") == "0")


def choose(db: Database, chosen: Retention) -> None:
    """Keep a choice."""
    for name, value in (("keep_days", str(chosen.days)), ("keep_noted", "0" if chosen.noted else "1")):
        db.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", [name, value])


def purge(db: Database, now: float) -> int:
    """Delete what is older than was chosen, at `now` seconds since 1970; how many pages."""
    chosen = retention(db)
    return delete_older(db, iso(now - chosen.days * DAY), chosen.noted) if chosen.days else 0
