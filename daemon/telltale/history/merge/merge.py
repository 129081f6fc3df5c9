"""Checked pages into the history. Done twice it changes nothing.

A page's revisions are always one observer's: two browsers' sights are never threaded into each other, because what one
saw between two sights of the other says nothing of when words went.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from ..aliases import outlet_of_site
from ..database import transaction
from ..page_state import kept_in_step
from ..rows import insert, one, update
from ..schema import OWN
from ..store import next_id
from ..wordings import add_note
from .checked import BadPage, Incoming, checked
from .files import FileError, Raw, raw_pages

BATCH = 100  # pages a transaction: about a tenth of a second, after which a running daemon can write


class Outcome(StrEnum):
    """What became of a page: it was not known, what is known of it was older, or there was nothing to do."""

    NEW = "new"
    NEWER = "newer"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said: the `name` of the source, "" to take the file's, and whether the pages are to count as this
    browser's `own`."""

    name: str = ""
    own: bool = False


@dataclass(slots=True)
class Report:
    """How many pages of each outcome, and why others were left out: (where, sentence)."""

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    faults: list[tuple[str, str]] = field(default_factory=list)


def import_file(db: Database, path: Path, told: Told, at: str) -> Report:
    """Take the pages of a file into the history, some at a time; `at` is now. Raises FileError, HistoryError."""
    report = Report()
    for batch in _batches(raw_pages(path)):
        pages = _checked(batch, report)
        with transaction(db):
            for page in pages:
                report.counts[merge(db, page, _source(db, page, told, path.stem, at))] += 1
    return report


def merge(db: Database, page: Incoming, source: int) -> Outcome:
    """One page into a source. Runs in the caller's transaction."""
    kept = one(db, "SELECT id, last_seen, times_seen FROM pages WHERE url = ? AND source = ?", page.address.url, source)
    if kept is None:
        _add(db, next_id(db), page, source)
        return Outcome.NEW
    if source == OWN:  # what this browser saw itself stays as it saw it
        return Outcome.KNOWN
    newer = (page.row["last_seen"], page.row["times_seen"]) > (kept["last_seen"], kept["times_seen"])
    if not newer and not page.decisions:
        return Outcome.KNOWN
    with kept_in_step(db, kept["id"]):
        if newer:
            _replace(db, kept["id"], page)
        _add_decisions(db, kept["id"], page)
    return Outcome.NEWER if newer else Outcome.KNOWN


def _batches(pages: Iterable[Raw]) -> Iterable[list[Raw]]:
    """Read before the transaction begins, so that others can write meanwhile."""
    rest = iter(pages)
    return iter(lambda: list(islice(rest, BATCH)), [])


def _checked(batch: Iterable[Raw], report: Report) -> list[Incoming]:
    found = []
    for where, raw in batch:
        try:
            found.append(checked(raw))
        except BadPage as error:
            report.faults.append((where, str(error)))
    return found


def _source(db: Database, page: Incoming, told: Told, file: str, at: str) -> int:
    """The source that a page belongs to, made if this is the first page of its history. Raises FileError."""
    if told.own:
        return OWN
    found = one(db, "SELECT id FROM sources WHERE history = ?", page.history)
    if found is None:
        row = {"name": _free_name(db, told.name or file), "added": at, "history": page.history}
        return insert(db, "sources", row)
    if found["id"] == OWN:
        raise FileError("The file comes from this very history; `--own` puts back the pages that are missing here.")
    return int(found["id"])


def _free_name(db: Database, name: str) -> str:
    name = name.strip()[:100] or "import"
    tries, free = 1, name
    while one(db, "SELECT 1 FROM sources WHERE name = ?", free):
        tries += 1
        free = f"{name} ({tries})"
    return free


def _add(db: Database, page_id: int, page: Incoming, source: int) -> None:
    url, site = page.address
    place = {"id": page_id, "source": source, "url": url, "site": site, "outlet": outlet_of_site(db, site)}
    with kept_in_step(db, page_id):
        insert(db, "pages", {**place, **page.row, "verdict": page.revisions[-1].row["verdict"]})
        _add_revisions(db, page_id, page)
        _add_decisions(db, page_id, page)


def _replace(db: Database, page_id: int, page: Incoming) -> None:
    db.execute("DELETE FROM revisions WHERE page = ?", [page_id])
    update(db, "pages", page_id, page.row)
    _add_revisions(db, page_id, page)


def _add_revisions(db: Database, page_id: int, page: Incoming) -> None:
    revision_id = 0
    for revision in page.revisions:
        revision_id = insert(db, "revisions", {**revision.row, "page": page_id})
        for note in revision.notes:
            add_note(db, {**note, "revision": revision_id})
    update(db, "pages", page_id, {"revision": revision_id})


def _add_decisions(db: Database, page_id: int, page: Incoming) -> None:
    """What was decided here wins over what the other decided."""
    for d in page.decisions:
        sql = "INSERT OR IGNORE INTO decisions (page, place, quote, decision, at) VALUES (?, ?, ?, ?, ?)"
        db.execute(sql, [page_id, d["place"], d["quote"], d["decision"], d["at"]])
