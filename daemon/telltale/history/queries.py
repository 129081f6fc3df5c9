"""Reading the history. Lists are newest first and come in parts, each with the cursor of the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from .page_state import Stand, stand_of
from .rows import Row, one, rows
from .schema import OWN
from .wilson import wilson

PART = 50  # outlets or pages a part: two screens


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


def tally_of(db: Database, domain: str, source: int = OWN) -> Tally:
    """The outlet's tally; zeros when no page of it was recorded."""
    columns = "domain, pages, undisclosed, disclosed"
    found = one(db, f"SELECT {columns} FROM outlets WHERE domain = ? AND source = ?", domain, source)
    return Tally(**found) if found else Tally(domain, 0, 0, 0)


def page_count(db: Database, source: int = OWN) -> int:
    """How many pages the history holds."""
    found = one(db, "SELECT coalesce(sum(pages), 0) AS pages FROM days WHERE source = ?", source)
    return int(found["pages"]) if found else 0


def outlets(db: Database, after: str | None = None, source: int = OWN) -> Part:
    """Outlets with their tallies and `last_seen`. Raises CursorError."""
    seen, domain = _cursor(after)
    found = rows(
        db,
        """SELECT domain, pages, undisclosed, disclosed, last_seen FROM outlets
        WHERE source = ? AND (last_seen, domain) < (?, ?) ORDER BY last_seen DESC, domain DESC LIMIT ?""",
        source, seen, domain, PART + 1,
    )  # fmt: skip
    items = [{**_tally(row).as_dict(), "last_seen": row["last_seen"]} for row in found]
    return _part(items, lambda o: f"{o['last_seen']}~{o['domain']}")


def _tally(row: Row) -> Tally:
    return Tally(row["domain"], row["pages"], row["undisclosed"], row["disclosed"])


_PAGE = "id AS page_id, url, title, byline, outlet, verdict, first_seen, last_seen, times_seen, revision"


def pages(db: Database, outlet: str | None = None, after: str | None = None, source: int = OWN) -> Part:
    """Pages, of one outlet if named, each with the notes that stood when it was last seen. Raises CursorError."""
    seen, page_id = _cursor(after)
    if after and not (page_id.isascii() and page_id.isdigit() and len(page_id) < 19):  # SQLite's integers end there
        raise CursorError
    where, values = ("outlet = ? AND ", [outlet]) if outlet is not None else ("", [])
    found = rows(
        db,
        f"""SELECT {_PAGE} FROM pages WHERE {where}source = ? AND (last_seen, id) < (?, ?)
        ORDER BY last_seen DESC, id DESC LIMIT ?""",
        *values, source, seen, int(page_id) if after else 0, PART + 1,
    )  # fmt: skip
    items = [{**page, "notes": stand_of(db, page["revision"]).notes} for page in found]
    return _part(items, lambda p: f"{p['last_seen']}~{p['page_id']}")


def page(db: Database, page_id: int) -> Row | None:
    """One page with all its `revisions`, newest first, each with its notes."""
    found = one(db, f"SELECT {_PAGE}, source, published, lang FROM pages WHERE id = ?", page_id)
    if found is None:
        return None
    seen = rows(db, "SELECT * FROM revisions WHERE page = ? ORDER BY id DESC", page_id)
    return {**found, "revisions": [{**r, **_stand(stand_of(db, r["id"]))} for r in seen]}


def _stand(stand: Stand) -> Row:
    return {"notes": stand.notes, "possible": stand.possible, "dismissed": stand.dismissed}


_NEWEST = "9999"  # after every time that is kept


def _cursor(after: str | None) -> tuple[str, str]:
    seen, separator, key = (after or f"{_NEWEST}~").partition("~")
    if not separator or len(key) > 300 or not key.isprintable():
        raise CursorError
    return seen, key


def _part(items: list[Row], key: Callable[[Row], str]) -> Part:
    more = len(items) > PART
    return Part(items[:PART], key(items[PART - 1]) if more else None)
