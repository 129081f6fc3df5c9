"""A daemon whose history shows everything that the history pages can show, with a reader that has no model.

`python shown_history.py FOLDER PORT` writes it there if nothing is there yet, and serves it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database
from telltale.app import run
from telltale.domain import Block, Kind, Note, Page, Reading, Verdict, kind_of
from telltale.history import open_database
from telltale.history.database import transaction
from telltale.history.decisions import Decision, Feedback, decide
from telltale.history.export.sqlite import write
from telltale.history.finding import Search
from telltale.history.merge.merge import Told, import_file
from telltale.history.store import Sighting, record
from telltale.settings import Settings
from telltale.times import iso

NOW = datetime.fromtimestamp(int(time.time()), UTC)
NOTES = {
    "preamble": "Here is the rewritten article in a neutral, journalistic tone.",
    "rewrite_note": "This rewrite keeps all facts about the bridge while changing the structure and the wording of the piece.",
    "refusal": "I'm sorry, but as an AI language model I cannot write about an ongoing investigation.",
    "seo_tail": "Meta description: What residents of Wendle need to know about the bridge, the budget and the vote in March.",
    "written_by_ai": "This article was written with the help of artificial intelligence and checked by an editor.",
    "ai_translated": "Dieser Artikel wurde mit Hilfe künstlicher Intelligenz übersetzt.",
}
BEFORE = "The council put off its decision for the third time this year, and the engineers' report will be read again."
AFTER = "A spokesperson said that the costs would be published before the end of the month, as the law requires."
TITLES = (
    "Council delays vote on the Wendle bridge until March",
    "Harbour wall repairs begin after years of warnings from the engineers who built it and the people who live by it",
    "الميزانية الجديدة أمام المجلس",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikbesichtigungstermine",
    "Market report: wheat up, barley down",
    '<script>alert(1)</script> & "quotes" in a headline',
)


class Reader:
    """Finds nothing; the history's notes are written by this module."""

    model, speed = "telltale-1", "no model"

    def steps(self, page: Page) -> Iterator[Reading]:
        """A reading without notes."""
        yield Reading(Verdict.NONE, (), (), self.model, len(page.blocks))

    def rest(self) -> None:
        """It keeps nothing."""


def fill(db: Database) -> None:
    """Pages of a hundred days at eight outlets: read once, read again, changed, decided about."""
    for i in range(90):
        family = list(NOTES)[i // 3 % len(NOTES)] if i % 3 == 0 else ""
        outlet = f"{('courier', 'herald', 'gazette', 'daily-wendle-post', 'tribune')[i % 5]}.example"
        _see(db, outlet, i, family, NOW - timedelta(days=100 - i))
        if i % 9 == 0:  # the note goes, or what it stands in changes
            _see(db, outlet, i, "" if i % 18 else family, NOW - timedelta(days=99 - i), "Corrected since.")
    for page_id, decision in ((1, Decision.CONFIRM), (7, Decision.DISMISS)):
        quote = db.execute(
            "SELECT n.quote FROM notes n JOIN revisions r ON r.id = n.revision WHERE r.page = ?", [page_id]
        ).fetchone()[0]
        decide(db, Feedback(page_id, "block", quote, decision), iso(NOW.timestamp()))


def _see(db: Database, outlet: str, i: int, family: str, at: datetime, more: str = "") -> None:
    quote = NOTES.get(family, "")
    page = Page(
        title=TITLES[i // 2 % len(TITLES)],
        blocks=tuple(Block(text) for text in (BEFORE, quote, AFTER, more) if text),
        byline=("By Jane Doe", "Redaktion", "")[i % 3],
        published=at.date().isoformat(),
        lang="en",
    )
    found = _notes(quote, family, 0.97) if quote else ()
    possible = _notes(AFTER, "closing_offer", 0.41) if i % 7 == 0 else ()
    verdict = (
        {Kind.LEAK: Verdict.UNDISCLOSED, Kind.DISCLOSURE: Verdict.DISCLOSED}[kind_of(family)]
        if family
        else Verdict.NONE
    )
    url = f"https://www.{outlet}/2026/{i}-council-delays-vote-on-the-wendle-bridge"
    record(
        db, Sighting(url, outlet, page, Reading(verdict, found, possible, Reader.model, 12 + i), iso(at.timestamp()))
    )


def _notes(quote: str, family: str, confidence: float) -> tuple[Note, ...]:
    return (Note("block", 1, 0, len(quote), quote, kind_of(family), family, confidence),)


def make(settings: Settings) -> None:
    """The history, and the same again as another's."""
    with closing(open_database(settings.database)) as db:
        with transaction(db):
            fill(db)
        copy = settings.data_dir / "anna.db"
        write(settings.database, copy, Search(verdict="undisclosed"))
        with closing(open_database(copy)) as other:
            other.execute("UPDATE sources SET history = ?", ["a" * 32])
        import_file(db, copy, Told("Anna's laptop"), iso(NOW.timestamp()))


def main(folder: str, port: str) -> None:
    """Serve until the process is ended."""
    settings = Settings(data_dir=Path(folder), port=int(port))
    if not settings.database.exists():
        make(settings)
    run(settings, Reader)


if __name__ == "__main__":
    main(*sys.argv[1:])
