"""Writing down what was read. Every function runs inside the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from ..domain import Note, Page, Reading
from .aliases import outlet_of_site
from .evidence import around, text_hash
from .page_state import Stand, kept_in_step, stand_of
from .queries import Tally, tally_of
from .rows import Row, insert, one, rows, update
from .schema import OWN
from .wordings import add_note

LONGEST_LINE = 500  # code points of a title or byline that are kept; more is a fault of the page
SETTLING = timedelta(minutes=10)  # a page that still loads grows; its text is no new revision until it has settled


@dataclass(frozen=True, slots=True)
class Sighting:
    """A page as it was read: `url` canonical, `site` its domain, `at` UTC in ISO seconds."""

    url: str
    site: str
    page: Page
    reading: Reading
    at: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the history knows of the page just written."""

    page_id: int
    first_seen: str
    tally: Tally
    stand: Stand


def record(db: Database, seen: Sighting, source: int = OWN) -> Recorded:
    """Write a sighting down: a new page, or an old one seen again, with a revision when its notes or text changed."""
    old = one(db, "SELECT id, last_seen FROM pages WHERE url = ? AND source = ?", seen.url, source)
    page_id = old["id"] if old else next_id(db)
    if old and seen.at < old["last_seen"]:  # the computer's clock was set back
        seen = replace(seen, at=old["last_seen"])
    with kept_in_step(db, page_id):
        if old:
            _see_again(db, page_id, seen)
        else:
            _add_page(db, page_id, seen, source)
    page = one(db, "SELECT outlet, revision, first_seen FROM pages WHERE id = ?", page_id)
    assert page
    return Recorded(page_id, page["first_seen"], tally_of(db, page["outlet"], source), stand_of(db, page["revision"]))


def next_id(db: Database) -> int:
    """The id that AUTOINCREMENT gives next: no id is ever given twice."""
    found = one(db, "SELECT seq FROM sqlite_sequence WHERE name = 'pages'")
    return (found["seq"] if found else 0) + 1


def _add_page(db: Database, page_id: int, seen: Sighting, source: int) -> None:
    page = {
        "id": page_id,
        "source": source,
        "url": seen.url,
        "site": seen.site,
        "outlet": outlet_of_site(db, seen.site),
    }
    times = {"first_seen": seen.at, "times_seen": 1}
    insert(db, "pages", {**page, **times, "verdict": seen.reading.verdict.value, **_newest(seen)})
    _add_revision(db, page_id, seen)


def _see_again(db: Database, page_id: int, seen: Sighting) -> None:
    db.execute("UPDATE pages SET times_seen = times_seen + 1 WHERE id = ?", [page_id])
    update(db, "pages", page_id, _newest(seen))
    last = one(
        db,
        "SELECT id, text_hash, last_seen FROM revisions WHERE id = (SELECT revision FROM pages WHERE id = ?)",
        page_id,
    )
    assert last
    now = text_hash(seen.page)
    known = _notes_of(db, last["id"])
    old = [row for row in known if row["standing"]]
    if [_identity(row) for row in old] != [_identity_of(note) for note in seen.reading.notes]:
        _add_revision(db, page_id, seen, _fates(db, old, seen))
    elif now != last["text_hash"] and _has_settled(last["last_seen"], seen.at):
        _add_revision(db, page_id, seen)
    else:
        reading = seen.reading
        read = {"text_hash": now, "model": reading.model, "sentences": reading.sentences}
        update(db, "revisions", last["id"], {"last_seen": seen.at, **read})
        _renew_notes(db, page_id, last["id"], known, seen)


def _newest(seen: Sighting) -> dict[str, Any]:
    """The columns of a page that say how it was last seen."""
    page = seen.page
    return {
        "title": page.title[:LONGEST_LINE],
        "byline": page.byline[:LONGEST_LINE],
        "published": page.published,
        "lang": page.lang,
        "last_seen": seen.at,
    }


def _has_settled(last_seen: str, at: str) -> bool:
    return datetime.fromisoformat(at) - datetime.fromisoformat(last_seen) >= SETTLING


_Identity = tuple[str, str, str]


def _identity(row: Row) -> _Identity:
    """What makes a note the same note at a later sight: its position may shift, its confidence may waver."""
    return row["place"], row["family"], row["quote"]


def _identity_of(note: Note) -> _Identity:
    return note.where, note.family, note.quote


def _notes_of(db: Database, revision: int) -> list[Row]:
    sql = "SELECT id, place, family, quote, standing FROM notes WHERE revision = ? ORDER BY id"
    return rows(db, sql, revision)


def _renew_notes(db: Database, page_id: int, revision: int, known: list[Row], seen: Sighting) -> None:
    """Write down where the notes `known` of a revision stand now, and which are possible now. Those that are the same keep
    their ids."""
    for standing, notes in ((1, seen.reading.notes), (0, seen.reading.possible)):
        left: dict[_Identity, list[int]] = defaultdict(list)
        for row in (row for row in known if row["standing"] == standing):
            left[_identity(row)].append(row["id"])
        for note in notes:
            if same := left[_identity_of(note)]:
                update(db, "notes", same.pop(0), _note(seen.page, note))
            else:
                add_note(db, {"revision": revision, "standing": standing, **_note(seen.page, note)})
        _drop_undecided(db, page_id, [note_id for ids in left.values() for note_id in ids])


def _drop_undecided(db: Database, page_id: int, ids: list[int]) -> None:
    """Drop notes that are possible no longer; what a person decided about is evidence and stays."""
    sql = """DELETE FROM notes WHERE id = ? AND NOT EXISTS
        (SELECT 1 FROM decisions WHERE page = ? AND place = notes.place AND quote = notes.quote)"""
    db.conn.executemany(sql, [(note_id, page_id) for note_id in ids])


def _fates(db: Database, old: list[Row], seen: Sighting) -> int:
    """Mark what became of each old note that is found no longer; how many were removed from the text.

    Words that are still there were not removed: a newer model, or other words around them, made the difference.
    """
    page = seen.page
    texts = [page.title, page.byline, *(block.text for block in page.blocks)]
    found, removed = {note.quote for note in seen.reading.notes}, 0
    for note in old:
        if any(quote in note["quote"] or note["quote"] in quote for quote in found):
            continue  # the same words, cut otherwise or of another family
        there = any(note["quote"] in text for text in texts)
        update(db, "notes", note["id"], {"fate": "unflagged" if there else "removed"})
        removed += not there
    return removed


def _add_revision(db: Database, page_id: int, seen: Sighting, removed: int = 0) -> None:
    reading = seen.reading
    revision = {
        "page": page_id,
        "verdict": reading.verdict.value,
        "model": reading.model,
        "text_hash": text_hash(seen.page),
        "sentences": reading.sentences,
        "first_seen": seen.at,
        "last_seen": seen.at,
        "removed": removed,
    }
    revision_id = insert(db, "revisions", revision)
    update(db, "pages", page_id, {"revision": revision_id})
    for standing, notes in ((1, reading.notes), (0, reading.possible)):
        for note in notes:
            add_note(db, {"revision": revision_id, "standing": standing, **_note(seen.page, note)})


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
