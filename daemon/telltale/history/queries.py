"""Reading the history: outlets and pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlite_utils import Database

from .aliases import outlet_of_site
from .lists import MOST_ID, PART, CursorError, Part, cursor_of, number_of, part_of
from .page_state import Stand, stand_of
from .rows import Row, one, rows
from .schema import OWN
from .wilson import wilson


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


_TALLY = "domain, pages, undisclosed, disclosed"


def tally_of(db: Database, domain: str, source: int = OWN) -> Tally:
    """The outlet's tally; zeros when no page of it was recorded."""
    found = one(db, f"SELECT {_TALLY} FROM outlets WHERE domain = ? AND source = ?", domain, source)
    return Tally(**found) if found else Tally(domain, 0, 0, 0)


def tally_of_site(db: Database, site: str) -> Tally:
    """The tally of the outlet that a site counts to."""
    return tally_of(db, outlet_of_site(db, site))


def page_count(db: Database, source: int = OWN) -> int:
    """How many pages the history holds."""
    return totals(db, source).pages


def totals(db: Database, source: int = OWN) -> Tally:
    """The tally of all outlets together."""
    sums = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in ("pages", "undisclosed", "disclosed"))
    found = one(db, f"SELECT '' AS domain, {sums} FROM days WHERE source = ?", source)
    assert found
    return Tally(**found)


def outlet_count(db: Database, source: int = OWN) -> int:
    """How many outlets the pages are of."""
    found = one(db, "SELECT count(*) AS n FROM outlets WHERE source = ?", source)
    assert found
    return int(found["n"])


# Each order: its column, whether it descends, and the value before the first. `low` is the interval's lower end: an
# outlet with 1 of 1 page comes after one with 30 of 100, because less is known of it.
_ORDERS: dict[str, tuple[str, bool, str]] = {
    "recent": ("last_seen", True, "9999"),
    "pages": ("pages", True, "9999999999"),
    "undisclosed": ("undisclosed", True, "9999999999"),
    "disclosed": ("disclosed", True, "9999999999"),
    "surest": ("low", True, "9"),
    "name": ("domain", False, ""),
}
ORDERS = tuple(_ORDERS)


def outlets(db: Database, after: str | None = None, source: int = OWN, order: str = "recent") -> Part:
    """Outlets with their tallies and `last_seen`, in one of ORDERS. Raises CursorError."""
    column, down, first = _ORDERS[order]
    value, domain = cursor_of(after, first)
    sign, way = ("<", "DESC") if down else (">", "ASC")
    found = rows(
        db,
        f"""SELECT {_TALLY}, low, first_seen, last_seen FROM outlets
        WHERE source = ? AND ({column}, domain) {sign} (?, ?) ORDER BY {column} {way}, domain {way} LIMIT ?""",
        source, _typed(value, column), domain, PART + 1,
    )  # fmt: skip
    items = [{**_tally(row).as_dict(), **row} for row in found]
    return part_of(items, lambda o: f"{o[column]}~{o['domain']}")


def _typed(value: str, column: str) -> str | float:
    if column in ("last_seen", "domain"):
        return value
    try:
        return float(value)
    except ValueError:
        raise CursorError from None


def _tally(row: Row) -> Tally:
    return Tally(row["domain"], row["pages"], row["undisclosed"], row["disclosed"])


_PAGE = "id AS page_id, url, title, byline, outlet, verdict, first_seen, last_seen, times_seen, revision, removed"


def pages(
    db: Database, outlet: str | None = None, after: str | None = None, source: int = OWN, noted: bool = False
) -> Part:
    """Pages, of one outlet if named, each with the notes that stood when it was last seen; `noted`: only those with
    notes. Raises CursorError."""
    seen, key = cursor_of(after)
    page_id = number_of(key) if after else MOST_ID
    where, values = ("outlet = ? AND ", [outlet]) if outlet is not None else ("", [])
    found = rows(
        db,
        f"""SELECT {_PAGE} FROM pages WHERE {where}source = ? AND (last_seen, id) < (?, ?)
        {"AND verdict != 'none'" if noted else ""} ORDER BY last_seen DESC, id DESC LIMIT ?""",
        *values, source, seen, page_id, PART + 1,
    )  # fmt: skip
    return part_of([with_notes(db, page) for page in found], lambda p: f"{p['last_seen']}~{p['page_id']}")


def with_notes(db: Database, page: Row) -> Row:
    """A page with the notes that stood when it was last seen."""
    return {**page, "notes": stand_of(db, page["revision"]).notes}


def page(db: Database, page_id: int) -> Row | None:
    """One page with all its `revisions`, newest first, each with its notes."""
    found = one(db, f"SELECT {_PAGE}, source, site, published, lang FROM pages WHERE id = ?", page_id)
    if found is None:
        return None
    seen = rows(db, "SELECT * FROM revisions WHERE page = ? ORDER BY first_seen DESC, id DESC", page_id)
    return {**found, "revisions": [{**r, **_stand(stand_of(db, r["id"]))} for r in seen]}


def _stand(stand: Stand) -> Row:
    return {"notes": stand.notes, "possible": stand.possible, "dismissed": stand.dismissed}


def sources(db: Database) -> list[Row]:
    """Where pages come from: this browser first, then the imported histories."""
    return rows(db, "SELECT id, name, added FROM sources ORDER BY id")
