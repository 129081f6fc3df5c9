"""Writing down what was read. Every function runs inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from ..domain import Note, Page, Reading, Verdict
from .evidence import around, text_hash
from .queries import Tally, one, rows, tally_of

LONGEST_LINE = 500  # code points of a title or byline that are kept; more is a fault of the page


@dataclass(frozen=True, slots=True)
class Sighting:
    """A page as it was read: `url` canonical, `outlet` its domain, `at` UTC in ISO seconds."""

    url: str
    outlet: str
    page: Page
    reading: Reading
    at: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the history knows of the page just written."""

    page_id: int
    first_seen: str
    tally: Tally


def record(db: Database, seen: Sighting) -> Recorded:
    """Write a sighting down: a new page, or an old one seen again, with a revision when its notes changed."""
    old = one(db, "SELECT id, revision, outlet, verdict, first_seen FROM pages WHERE url = ?", seen.url)
    if old is None:
        page_id, outlet, first_seen = _add_page(db, seen), seen.outlet, seen.at
    else:
        page_id, outlet, first_seen = old["id"], old["outlet"], old["first_seen"]
        _see_again(db, old, seen)
    return Recorded(page_id, first_seen, tally_of(db, outlet))


def _add_page(db: Database, seen: Sighting) -> int:
    _count(db, seen.outlet, 1, None, seen.reading.verdict, seen.at)
    page = {"url": seen.url, "outlet": seen.outlet, "first_seen": seen.at, "times_seen": 1, **_newest(seen)}
    page_id = _insert(db, "pages", page)
    _add_revision(db, page_id, seen)
    return page_id


def _see_again(db: Database, old: dict[str, Any], seen: Sighting) -> None:
    _count(db, old["outlet"], 0, Verdict(old["verdict"]), seen.reading.verdict, seen.at)
    db.execute("UPDATE pages SET times_seen = times_seen + 1 WHERE id = ?", [old["id"]])
    _update(db, "pages", old["id"], _newest(seen))
    if _kept_notes(db, old["revision"]) == [_identity(n) for n in seen.reading.notes]:
        _update(db, "revisions", old["revision"], {"last_seen": seen.at})
    else:
        _add_revision(db, old["id"], seen)


def _newest(seen: Sighting) -> dict[str, Any]:
    """The columns of a page that say how it was last seen."""
    page = seen.page
    return {
        "title": page.title[:LONGEST_LINE],
        "byline": page.byline[:LONGEST_LINE],
        "published": page.published,
        "lang": page.lang,
        "verdict": seen.reading.verdict.value,
        "last_seen": seen.at,
    }


def _identity(note: Note) -> tuple[str, str, str]:
    """What makes a note the same note at a later sight: its position may shift, its confidence may waver."""
    return note.where, note.family, note.quote


def _kept_notes(db: Database, revision: int) -> list[tuple[str, str, str]]:
    found = rows(db, "SELECT place, family, quote FROM notes WHERE revision = ? AND standing = 1 ORDER BY id", revision)
    return [(n["place"], n["family"], n["quote"]) for n in found]


def _add_revision(db: Database, page_id: int, seen: Sighting) -> None:
    reading = seen.reading
    revision = {
        "page": page_id,
        "verdict": reading.verdict.value,
        "model": reading.model,
        "text_hash": text_hash(seen.page),
        "sentences": reading.sentences,
        "first_seen": seen.at,
        "last_seen": seen.at,
    }
    revision_id = _insert(db, "revisions", revision)
    _update(db, "pages", page_id, {"revision": revision_id})
    for standing, notes in ((1, reading.notes), (0, reading.possible)):
        for note in notes:
            _insert(db, "notes", {"revision": revision_id, "standing": standing, **_note(seen.page, note)})


def _note(page: Page, note: Note) -> dict[str, Any]:
    before, after = around(page, note)
    return {
        "place": note.where,
        "block": note.block,
        "start": note.start,
        "stop": note.end,
        "quote": note.quote,
        "before": before,
        "after": after,
        "kind": note.kind.value,
        "family": note.family,
        "confidence": note.confidence,
    }


def _count(db: Database, outlet: str, pages: int, old: Verdict | None, new: Verdict, at: str) -> None:
    """Keep the outlet's tallies in step: kept, not counted on demand, so that a million pages cost nothing to show."""
    shift = {v: (new is v) - (old is v) for v in (Verdict.UNDISCLOSED, Verdict.DISCLOSED)}
    db.execute(
        """INSERT INTO outlets (domain, pages, undisclosed, disclosed, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (domain) DO UPDATE SET pages = pages + excluded.pages, last_seen = excluded.last_seen,
        undisclosed = undisclosed + excluded.undisclosed, disclosed = disclosed + excluded.disclosed""",
        [outlet, pages, shift[Verdict.UNDISCLOSED], shift[Verdict.DISCLOSED], at, at],
    )


def _insert(db: Database, table: str, row: dict[str, Any]) -> int:
    marks = ", ".join("?" * len(row))
    cursor = db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    return int(cursor.lastrowid or 0)


def _update(db: Database, table: str, row_id: int, changes: dict[str, Any]) -> None:
    columns = ", ".join(f"{name} = ?" for name in changes)
    db.execute(f"UPDATE {table} SET {columns} WHERE id = ?", [*changes.values(), row_id])
