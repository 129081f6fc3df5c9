"""What is counted: pages read and pages with notes, by outlet, day, month, byline and family.

A page's share of the counts follows from its row alone. Whoever changes a page takes its old share away and adds its
new one; `recount` counts everything anew, after bulk changes and as the check of the others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlite_utils import Database

from .rows import one
from .wilson import wilson


@dataclass(frozen=True, slots=True)
class Share:
    """What a page adds to the counts."""

    source: int
    outlet: str
    byline: str
    verdict: str
    families: str
    wordings: str
    first_seen: str
    last_seen: str

    @property
    def counts(self) -> tuple[int, int, int]:
        """Pages, undisclosed, disclosed."""
        return 1, int(self.verdict == "undisclosed"), int(self.verdict == "disclosed")


def share_of(db: Database, page_id: int) -> Share | None:
    """The share of a page, None when there is no such page."""
    row = one(
        db,
        "SELECT source, outlet, byline, verdict, families, wordings, first_seen, last_seen FROM pages WHERE id = ?",
        page_id,
    )
    return Share(**row) if row else None


def move(db: Database, old: Share | None, new: Share | None) -> None:
    """Take an old share out of the counts and put a new one in."""
    if old == new:
        return
    for share, sign in ((old, -1), (new, 1)):
        if share:
            _count(db, share, sign)
    places = {(s.outlet, s.source) for s in (old, new) if s}
    for outlet, source in places:
        _settle(db, outlet, source)
    if old and (new is None or len(places) == 2):
        _span(db, old.outlet, old.source)


def _count(db: Database, share: Share, sign: int) -> None:
    counts = [sign * n for n in share.counts]
    place = [share.outlet, share.source]
    db.execute(
        """INSERT INTO outlets (domain, source, pages, undisclosed, disclosed, low, first_seen, last_seen)
        VALUES (?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO UPDATE SET pages = pages + excluded.pages,
        undisclosed = undisclosed + excluded.undisclosed, disclosed = disclosed + excluded.disclosed,
        first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)""",
        [*place, *counts, share.first_seen, share.last_seen],
    )
    _add(db, "days", {"source": share.source, "day": share.first_seen[:10]}, counts)
    _add(db, "months", {"outlet": share.outlet, "source": share.source, "month": share.first_seen[:7]}, counts)
    if share.byline:
        _add(db, "bylines", {"outlet": share.outlet, "source": share.source, "byline": share.byline}, counts)
    for table, name, found in (("families", "family", share.families), ("recurrences", "wording", share.wordings)):
        for value in json.loads(found):
            _add_one(db, table, {"outlet": share.outlet, "source": share.source, name: value}, sign)


def _add(db: Database, table: str, key: dict[str, str | int], counts: list[int]) -> None:
    names = ", ".join(key)
    db.execute(
        f"""INSERT INTO {table} ({names}, pages, undisclosed, disclosed) VALUES ({", ".join("?" * (len(key) + 3))})
        ON CONFLICT DO UPDATE SET pages = pages + excluded.pages,
        undisclosed = undisclosed + excluded.undisclosed, disclosed = disclosed + excluded.disclosed""",
        [*key.values(), *counts],
    )
    where = " AND ".join(f"{name} = ?" for name in key)
    db.execute(f"DELETE FROM {table} WHERE {where} AND pages = 0", list(key.values()))


def _add_one(db: Database, table: str, key: dict[str, str | int], count: int) -> None:
    sql = f"INSERT INTO {table} ({', '.join(key)}, pages) VALUES (?, ?, ?, ?)"
    db.execute(f"{sql} ON CONFLICT DO UPDATE SET pages = pages + excluded.pages", [*key.values(), count])
    where = " AND ".join(f"{name} = ?" for name in key)
    db.execute(f"DELETE FROM {table} WHERE {where} AND pages = 0", list(key.values()))


def _settle(db: Database, outlet: str, source: int) -> None:
    """What of an outlet's row cannot be added up: gone with the last page, the interval's end."""
    found = one(db, "SELECT pages, undisclosed FROM outlets WHERE domain = ? AND source = ?", outlet, source)
    if found and found["pages"]:
        low = wilson(found["undisclosed"], found["pages"])[0]
        db.execute("UPDATE outlets SET low = ? WHERE domain = ? AND source = ?", [low, outlet, source])
    else:
        db.execute("DELETE FROM outlets WHERE domain = ? AND source = ?", [outlet, source])


def _span(db: Database, outlet: str, source: int) -> None:
    """When an outlet that lost a page was first and last seen."""
    db.execute(
        """UPDATE outlets SET (first_seen, last_seen) =
        (SELECT min(first_seen), max(last_seen) FROM pages WHERE outlet = domain AND pages.source = outlets.source)
        WHERE domain = ? AND source = ?""",
        [outlet, source],
    )


_SUMS = "count(*), sum(verdict = 'undisclosed'), sum(verdict = 'disclosed')"
_RECOUNT = (
    f"""INSERT INTO outlets SELECT outlet, source, {_SUMS}, wilson_low(sum(verdict = 'undisclosed'), count(*)),
    min(first_seen), max(last_seen) FROM pages GROUP BY outlet, source""",
    f"INSERT INTO days SELECT source, substr(first_seen, 1, 10), {_SUMS} FROM pages GROUP BY 1, 2",
    f"INSERT INTO months SELECT outlet, source, substr(first_seen, 1, 7), {_SUMS} FROM pages GROUP BY 1, 2, 3",
    f"INSERT INTO bylines SELECT outlet, source, byline, {_SUMS} FROM pages WHERE byline != '' GROUP BY 1, 2, 3",
    """INSERT INTO families SELECT outlet, source, value, count(*) FROM pages, json_each(families)
    WHERE families != '[]' GROUP BY 1, 2, 3""",
    """INSERT INTO recurrences (outlet, source, wording, pages) SELECT outlet, source, value, count(*)
    FROM pages, json_each(wordings) WHERE wordings != '[]' GROUP BY 1, 2, 3""",
)
TABLES = ("outlets", "days", "months", "bylines", "families", "recurrences")


def recount(db: Database) -> None:
    """Count all pages anew: seconds for a million."""
    db.conn.create_function("wilson_low", 2, lambda k, n: wilson(k, n)[0], deterministic=True)
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")
    for statement in _RECOUNT:
        db.execute(statement)
