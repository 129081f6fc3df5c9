"""Whole pages with all that was seen of them, in the order in which they were first recorded, a batch at a time.

A batch is short work for the thread that reads, so that the history's own pages are shown while an export runs. Each
page is as it stands when its batch is read.
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from ..finding import OF_SOURCE, Search, expression
from ..rows import Row, rows
from ..schema import OWN

BATCH = 200  # pages: some 20 ms of reading, and some hundred kilobytes

_PAGE = """s.history, p.id AS page_id, p.url, p.site, p.outlet, p.title, p.byline, p.published, p.lang, p.verdict,
    p.first_seen, p.last_seen, p.times_seen, p.removed"""
_REVISION = "r.page, r.id, r.verdict, r.model, r.text_hash, r.sentences, r.first_seen, r.last_seen, r.removed"
_NOTE = """n.revision, n.place AS "where", n.block, n.start, n.stop AS "end", n.quote, n.before, n.after, n.kind,
    n.family, n.confidence, n.standing, n.fate, d.decision, d.at AS decided"""
# Walking over the numbers keeps SQLite to its indexes, in this order of the tables.
_REVISIONS = f"""SELECT {_REVISION} FROM json_each(?) j CROSS JOIN revisions r ON r.page = j.value ORDER BY r.id"""
_NOTES = f"""SELECT {_NOTE} FROM json_each(?) j CROSS JOIN revisions r ON r.page = j.value
    CROSS JOIN notes n ON n.revision = r.id
    LEFT JOIN decisions d ON d.page = r.page AND d.place = n.place AND d.quote = n.quote ORDER BY n.id"""


def batch(db: Database, wanted: Search, after: int = 0) -> list[Row]:
    """At most BATCH pages with a `page_id` beyond `after`, each with its `revisions`, oldest first, with their `notes`.

    Raises SearchError.
    """
    found = rows(
        db,
        f"""SELECT {_PAGE} FROM search JOIN pages p ON p.id = search.rowid JOIN sources s ON s.id = p.source
        WHERE search MATCH ? AND search.rowid > ? AND {OF_SOURCE} ORDER BY search.rowid LIMIT ?""",
        expression(wanted), after, wanted.source, BATCH,
    )  # fmt: skip
    _add_revisions(db, found)
    return found


def of_source(db: Database, after: int = 0, source: int = OWN) -> list[Row]:
    """The same of a whole source, without its index of words, which a file from elsewhere may lack."""
    found = rows(
        db,
        f"""SELECT {_PAGE} FROM pages p JOIN sources s ON s.id = p.source
        WHERE p.source = ? AND p.id > ? ORDER BY p.id LIMIT ?""",
        source, after, BATCH,
    )  # fmt: skip
    _add_revisions(db, found)
    return found


def numbers(db: Database, wanted: Search) -> list[int]:
    """The `page_id` of every page that is wanted: some seconds for a million. Raises SearchError."""
    found = rows(
        db,
        f"""SELECT p.id AS page_id FROM search JOIN pages p ON p.id = search.rowid
        WHERE search MATCH ? AND {OF_SOURCE} ORDER BY search.rowid""",
        expression(wanted), wanted.source,
    )  # fmt: skip
    return [row["page_id"] for row in found]


def _add_revisions(db: Database, pages: list[Row]) -> None:
    ids = json.dumps([page["page_id"] for page in pages])
    by_page: dict[int, Row] = {page["page_id"]: page for page in pages}
    by_revision: dict[int, Row] = {}
    for page in pages:
        page["revisions"] = []
    for revision in rows(db, _REVISIONS, ids):
        by_page[revision.pop("page")]["revisions"].append(revision)
        by_revision[revision.pop("id")] = revision
        revision["notes"] = []
    for note in rows(db, _NOTES, ids):
        note["standing"] = bool(note["standing"])
        by_revision[note.pop("revision")]["notes"].append(note)
