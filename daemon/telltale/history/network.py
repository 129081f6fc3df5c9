"""What recurs across outlets: notes with the same or nearly the same words, and bylines over notes."""

from __future__ import annotations

import json

from sqlite_utils import Database

from .rows import Row, rows
from .schema import OWN

MOST = 30  # groups of each kind that are shown, those in most outlets first
MOST_OUTLETS = 60  # of a group, those with most pages: what a page shows and a circle can take


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
    return _with_outlets(
        db,
        found,
        "wording",
        ("outlet", "pages"),
        "FROM recurrences WHERE source = ? AND wording = j.value ORDER BY pages DESC",
        source,
    )


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
    of_noted = "FROM bylines WHERE source = ? AND byline = j.value AND undisclosed + disclosed > 0 ORDER BY noted DESC"
    return _with_outlets(db, found, "byline", ("outlet", "pages", "undisclosed + disclosed AS noted"), of_noted, source)


def _with_outlets(
    db: Database, groups: list[Row], key: str, columns: tuple[str, ...], of_group: str, source: int
) -> list[Row]:
    """Groups with their outlets, those with most pages first. As JSON, a row for each group: thousands of rows of Python
    would take longer than all the rest."""
    names = [column.split(" AS ")[-1] for column in columns]
    found = rows(
        db,
        f"""SELECT j.key AS place, (SELECT json_group_array(json_array({", ".join(names)}))
            FROM (SELECT {", ".join(columns)} {of_group}, outlet LIMIT {MOST_OUTLETS})) AS outlets FROM json_each(?) j""",
        source, json.dumps([group[key] for group in groups]),
    )  # fmt: skip
    for row in found:
        groups[row["place"]]["outlets"] = [dict(zip(names, o, strict=True)) for o in json.loads(row["outlets"])]
    return groups
