"""Reading the history. Lists are newest first and come in parts, each with the cursor of the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from .wilson import wilson

PART = 50  # outlets or pages a part: two screens
Row = dict[str, Any]


class CursorError(ValueError):
    """The cursor is none that a list gave out."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of an outlet's pages read carried notes."""

    domain: str
    pages: int
    undisclosed: int
    disclosed: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval of `undisclosed` of `pages`."""
        return wilson(self.undisclosed, self.pages)

    def as_dict(self) -> Row:
        """The tally as JSON has it."""
        return {**asdict(self), "interval": list(self.interval)}


@dataclass(frozen=True, slots=True)
class Part:
    """Some items of a list, and the cursor of the next part or None."""

    items: list[Row]
    next: str | None


def tally_of(db: Database, domain: str) -> Tally:
    """The outlet's tally; zeros when no page of it was recorded."""
    found = one(db, "SELECT domain, pages, undisclosed, disclosed FROM outlets WHERE domain = ?", domain)
    return Tally(**found) if found else Tally(domain, 0, 0, 0)


def page_count(db: Database) -> int:
    """How many pages the history holds."""
    found = one(db, "SELECT coalesce(sum(pages), 0) AS pages FROM outlets")
    return int(found["pages"]) if found else 0


def outlets(db: Database, after: str | None = None) -> Part:
    """Outlets with their tallies and `last_seen`. Raises CursorError."""
    seen, domain = _cursor(after)
    found = rows(
        db,
        """SELECT domain, pages, undisclosed, disclosed, last_seen FROM outlets
        WHERE (last_seen, domain) < (?, ?) ORDER BY last_seen DESC, domain DESC LIMIT ?""",
        seen, domain, PART + 1,
    )  # fmt: skip
    items = [{**_tally(row).as_dict(), "last_seen": row["last_seen"]} for row in found]
    return _part(items, lambda o: f"{o['last_seen']}~{o['domain']}")


def _tally(row: Row) -> Tally:
    return Tally(row["domain"], row["pages"], row["undisclosed"], row["disclosed"])


_PAGE = "id AS page_id, url, title, byline, outlet, verdict, first_seen, last_seen, times_seen, revision"


def pages(db: Database, outlet: str | None = None, after: str | None = None) -> Part:
    """Pages, of one outlet if named, each with the notes that stood when it was last seen. Raises CursorError."""
    seen, page_id = _cursor(after)
    if after and not (page_id.isascii() and page_id.isdigit() and len(page_id) < 19):  # SQLite's integers end there
        raise CursorError
    where, values = ("outlet = ? AND ", [outlet]) if outlet is not None else ("", [])
    found = rows(
        db,
        f"SELECT {_PAGE} FROM pages WHERE {where}(last_seen, id) < (?, ?) ORDER BY last_seen DESC, id DESC LIMIT ?",
        *values, seen, int(page_id) if after else 0, PART + 1,
    )  # fmt: skip
    items = [{**page, "notes": notes_of(db, page["revision"])} for page in found]
    return _part(items, lambda p: f"{p['last_seen']}~{p['page_id']}")


def page(db: Database, page_id: int) -> Row | None:
    """One page with all its `revisions`, newest first, each with its notes."""
    found = one(db, f"SELECT {_PAGE}, published, lang FROM pages WHERE id = ?", page_id)
    if found is None:
        return None
    seen = rows(db, "SELECT * FROM revisions WHERE page = ? ORDER BY id DESC", page_id)
    revisions = [{**r, "notes": notes_of(db, r["id"]), "possible": notes_of(db, r["id"], standing=0)} for r in seen]
    return {**found, "revisions": revisions}


def notes_of(db: Database, revision: int, standing: int = 1) -> list[Row]:
    """The notes of a revision in the order they stand on the page."""
    return rows(
        db,
        """SELECT place AS "where", block, start, stop AS "end", quote, kind, family, confidence, before, after
        FROM notes WHERE revision = ? AND standing = ? ORDER BY id""",
        revision, standing,
    )  # fmt: skip


def rows(db: Database, sql: str, *values: Any) -> list[Row]:
    """All rows of a query as dictionaries."""
    cursor = db.execute(sql, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one(db: Database, sql: str, *values: Any) -> Row | None:
    """The first row of a query, or None."""
    found = rows(db, sql, *values)
    return found[0] if found else None


_NEWEST = "9999"  # after every time that is kept


def _cursor(after: str | None) -> tuple[str, str]:
    seen, separator, key = (after or f"{_NEWEST}~").partition("~")
    if not separator or len(key) > 300 or not key.isprintable():
        raise CursorError
    return seen, key


def _part(items: list[Row], key: Callable[[Row], str]) -> Part:
    more = len(items) > PART
    return Part(items[:PART], key(items[PART - 1]) if more else None)
