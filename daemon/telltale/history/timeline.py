"""Counts over time, and what recurs: pages by the day or month they were first seen, families, bylines, removals."""

from __future__ import annotations

from sqlite_utils import Database

from .rows import Row, rows
from .schema import OWN

MOST_BYLINES = 20
MOST_REMOVALS = 20


def days(db: Database, source: int = OWN) -> list[Row]:
    """{period, pages, undisclosed, disclosed} of each day on which a page was first seen, oldest first."""
    return rows(
        db, "SELECT day AS period, pages, undisclosed, disclosed FROM days WHERE source = ? ORDER BY day", source
    )


def months(db: Database, outlet: str, source: int = OWN) -> list[Row]:
    """The same by months, of one outlet."""
    return rows(
        db,
        """SELECT month AS period, pages, undisclosed, disclosed FROM months
        WHERE outlet = ? AND source = ? ORDER BY month""",
        outlet, source,
    )  # fmt: skip


def families(db: Database, outlet: str, source: int = OWN) -> list[Row]:
    """{family, pages}: on how many of the outlet's pages each family stands, most first."""
    sql = "SELECT family, pages FROM families WHERE outlet = ? AND source = ? ORDER BY pages DESC, family"
    return rows(db, sql, outlet, source)


def bylines(db: Database, outlet: str, source: int = OWN) -> list[Row]:
    """{byline, pages, undisclosed, disclosed} of bylines that stand over pages with notes, most notes first."""
    return rows(
        db,
        """SELECT byline, pages, undisclosed, disclosed FROM bylines
        WHERE outlet = ? AND source = ? AND undisclosed + disclosed > 0
        ORDER BY undisclosed + disclosed DESC, byline LIMIT ?""",
        outlet, source, MOST_BYLINES,
    )  # fmt: skip


# CROSS JOIN keeps SQLite from walking over all pages to find the few revisions that count.
_REVISIONS = "FROM revisions r CROSS JOIN pages p ON p.id = r.page WHERE r.removed > 0 AND p.source = ?"
_REVISIONS_OF_OUTLET = """FROM pages p CROSS JOIN revisions r ON r.page = p.id
    WHERE r.removed > 0 AND p.removed > 0 AND p.source = ? AND p.outlet = ?"""


def removals(db: Database, source: int = OWN, outlet: str | None = None) -> list[Row]:
    """The latest removals: the page, a quote that went, and the two sights between which it went.

    Of a history that was damaged the quote may be lost; such a removal is not told.
    """
    revisions, values = (_REVISIONS, [source]) if outlet is None else (_REVISIONS_OF_OUTLET, [source, outlet])
    found = rows(
        db,
        f"""SELECT page_id, title, url, outlet, g.removed, g.first_seen AS gone_at, o.last_seen AS seen_at,
            (SELECT quote FROM notes WHERE revision = o.id AND fate = 'removed' ORDER BY id LIMIT 1) AS quote
        FROM (SELECT p.id AS page_id, p.title, p.url, p.outlet, r.id, r.removed, r.first_seen {revisions}
            ORDER BY r.id DESC LIMIT ?) g
        JOIN revisions o ON o.id = (SELECT max(id) FROM revisions WHERE page = page_id AND id < g.id)
        ORDER BY g.id DESC""",
        *values, MOST_REMOVALS,
    )  # fmt: skip
    return [row for row in found if row["quote"] is not None]
