"""What recurs across outlets: notes with the same or nearly the same words, and bylines over notes."""

from __future__ import annotations

import json

from sqlite_utils import Database

from .rows import Row, rows
from .schema import OWN

MOST = 30  # groups of each kind that are shown, those in most outlets first
MOST_OUTLETS = 200  # of a group


def shared_wordings(db: Database, source: int = OWN) -> list[Row]:
    """{wording, quote, family, many, pages, outlets: [{outlet, pages}]} of wordings that stand at
    `many` outlets, more than one."""
    found = rows(
        db,
        """SELECT g.wording, w.quote, g.many, g.pages,
            (SELECT family FROM notes WHERE wording = w.id ORDER BY id LIMIT 1) AS family
        FROM (SELECT wording, count(*) AS many, sum(pages) AS pages FROM recurrences WHERE source = ?
            GROUP BY wording HAVING many > 1 ORDER BY many DESC, pages DESC, wording LIMIT ?) g
        JOIN wordings w ON w.id = g.wording ORDER BY g.many DESC, g.pages DESC, g.wording""",
        source, MOST,
    )  # fmt: skip
    ids = json.dumps([group["wording"] for group in found])
    of_outlets = rows(
        db,
        """SELECT r.wording, r.outlet, r.pages FROM json_each(?) j
        CROSS JOIN recurrences r ON r.source = ? AND r.wording = j.value ORDER BY r.pages DESC, r.outlet""",
        ids, source,
    )  # fmt: skip
    return _grouped(found, of_outlets, "wording")


def shared_bylines(db: Database, source: int = OWN) -> list[Row]:
    """{byline, many, pages, outlets: [{outlet, pages, noted}]} of bylines that stand over notes at `many` outlets, more
    than one."""
    found = rows(
        db,
        """SELECT byline, count(*) AS many, sum(undisclosed + disclosed) AS pages FROM bylines
        WHERE source = ? AND undisclosed + disclosed > 0
        GROUP BY byline HAVING many > 1 ORDER BY many DESC, pages DESC, byline LIMIT ?""",
        source, MOST,
    )  # fmt: skip
    names = json.dumps([group["byline"] for group in found])
    of_outlets = rows(
        db,
        """SELECT b.byline, b.outlet, b.pages, b.undisclosed + b.disclosed AS noted FROM json_each(?) j
        CROSS JOIN bylines b ON b.source = ? AND b.byline = j.value AND b.undisclosed + b.disclosed > 0
        ORDER BY noted DESC, b.outlet""",
        names, source,
    )  # fmt: skip
    return _grouped(found, of_outlets, "byline")


def _grouped(groups: list[Row], of_outlets: list[Row], name: str) -> list[Row]:
    by_name: dict[str | int, Row] = {group[name]: {**group, "outlets": []} for group in groups}
    for row in of_outlets:
        by_name[row[name]]["outlets"].append(row)
    return [{**group, "outlets": group["outlets"][:MOST_OUTLETS]} for group in by_name.values()]
