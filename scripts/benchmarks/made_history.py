"""A history of any size that was never read: outlets, bylines, words and notes as unevenly spread as real ones.

The same size and seed give the same rows. It is written in bulk, then counted and indexed as after an import.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path

from sqlite_utils import Database
from telltale.domain import kind_of
from telltale.history import open_database, search_index, tallies, wordings
from telltale.history.database import transaction
from telltale.history.schema import OWN
from telltale.times import iso

END = 1_795_525_200  # 2026-11-24T13:00:00Z
SPAN = 2 * 365 * 86_400  # seconds over which the pages were read
MODEL = "telltale-1"
QUOTES = {
    "preamble": "Here is the rewritten article about {0} in a neutral tone.",
    "refusal": "I'm sorry, but I cannot help with writing about {0}.",
    "rewrite_note": "This rewrite keeps the facts about {0} while changing the structure.",
    "closing_offer": "Would you like a shorter version of this piece on {0}?",
    "missing_input": "Please provide the full text about {0} so that I can rewrite it.",
    "seo_tail": "Meta description: all you need to know about {0}.",
    "written_by_ai": "This article about {0} was written by AI and checked by an editor.",
    "automated_data_story": "This story about {0} was generated automatically from public data.",
}
_PART = 10_000  # pages that are made at once
_PAGES = (
    "id, source, url, site, outlet, revision, title, byline, published, lang, verdict, families, removed, first_seen, "
    "last_seen, times_seen"
)
_REVISIONS = "id, page, verdict, model, text_hash, sentences, first_seen, last_seen, removed"
_NOTES = "revision, standing, review, fate, place, block, start, stop, quote, before, after, kind, family, confidence"
Values = tuple[object, ...]


@dataclass(frozen=True)
class Shares:
    """How many pages of all carry a note, carry one the model is unsure of, or were seen again changed."""

    noted: float = 0.02
    possible: float = 0.01
    changed: float = 0.05
    decided: float = 0.05  # of the notes


def make(path: Path, pages: int, seed: int = 1, shares: Shares = Shares()) -> None:
    """Write a history of so many pages into a new file: two minutes for a million."""
    with closing(open_database(path)) as db:
        for pragma in ("synchronous=OFF", "cache_size=-200000", "secure_delete=OFF"):
            db.execute(f"PRAGMA {pragma}").fetchall()
        with transaction(db):
            _fill(db, pages, Maker(seed, pages, shares))
            wordings.rebuild(db)
            tallies.recount(db)
            search_index.rebuild(db)
        search_index.optimize(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _fill(db: Database, pages: int, maker: Maker) -> None:
    numbers = iter(range(1, pages + 1))
    while part := [maker.page(number) for number in islice(numbers, _PART)]:
        for table, names, rows in (
            ("pages", _PAGES, (page for page, _, _ in part)),
            ("revisions", _REVISIONS, (r for _, revisions, _ in part for r in revisions)),
            ("notes", _NOTES, (n for _, _, notes in part for n in notes)),
        ):
            marks = ", ".join("?" * len(names.split(",")))
            db.conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    _decide(db, maker.shares.decided)


def _decide(db: Database, share: float) -> None:
    """Every so many notes are confirmed or, one in three, dismissed."""
    db.execute(
        """INSERT OR IGNORE INTO decisions (page, place, quote, decision, at)
        SELECT r.page, n.place, n.quote, iif(n.id % 3, 'confirmed', 'dismissed'), r.last_seen
        FROM notes n JOIN revisions r ON r.id = n.revision WHERE n.standing = 0 AND n.id % ? = 0""",
        [round(1 / share)],
    )
    db.execute(
        """UPDATE notes SET review = 0 WHERE id IN (SELECT n.id FROM decisions d JOIN revisions r ON r.page = d.page
        JOIN notes n ON n.revision = r.id AND n.place = d.place AND n.quote = d.quote)"""
    )
    _settle(db)


def _settle(db: Database) -> None:
    """What was confirmed stands: `page_state` on all pages that were decided about."""
    from telltale.history.page_state import stand_of

    for page, revision in db.execute(
        "SELECT p.id, p.revision FROM pages p JOIN decisions d ON d.page = p.id"
    ).fetchall():
        stand = stand_of(db, revision)
        db.execute(
            "UPDATE pages SET verdict = ?, families = ? WHERE id = ?", [stand.verdict.value, stand.families, page]
        )


class Maker:
    """Rows of pages, revisions and notes, by chance that a seed fixes."""

    def __init__(self, seed: int, pages: int, shares: Shares) -> None:
        self.shares, self._pages, self._chance = shares, pages, random.Random(seed)
        self._words = _uneven(sorted({self._word() for _ in range(30_000)}), self._chance)
        self._outlets = _uneven([f"{self._word()}-{i}.example" for i in range(max(10, pages // 200))], self._chance)
        self._names = _uneven([f"{self._name()} {self._name()}" for _ in range(max(20, pages // 50))], self._chance)
        self._revision = 0

    def page(self, number: int) -> tuple[Values, list[Values], list[Values]]:
        """A page's row, its revisions' and its notes'."""
        chance, shares = self._chance.random, self.shares
        first = END - SPAN + round(SPAN * number / self._pages)
        changed = chance() < shares.changed
        last = min(END, first + round(chance() * 30 * 86_400)) if changed else first
        family = self._family() if chance() < shares.noted else ""
        removed = bool(family) and changed and chance() < 0.5
        revisions, notes = [], []
        spans = [(first, last)] if not changed else [(first, first), (last, last)]
        for i, (begin, end) in enumerate(spans):
            self._revision += 1
            stands, latest = bool(family) and not (i and removed), i == len(spans) - 1
            verdict = _verdict(family if stands else "")
            gone = int(removed and i == 1)
            times = iso(begin), iso(end)
            revisions.append((self._revision, number, verdict, MODEL, self._hash(), 20 + number % 40, *times, gone))
            fate = "removed" if removed and not latest else None
            if stands:
                notes.append(self._note(1, int(latest), fate, family))
            elif chance() < shares.possible:
                notes.append(self._note(0, int(latest), None, self._family()))
        outlet = next(self._outlets)
        stands = bool(family) and not removed
        page = (
            number, OWN, f"https://www.{outlet}/{iso(first)[:10]}/{self._hash()[:12]}-{number}", outlet, outlet,
            self._revision, self._text(7, 13), f"By {next(self._names)}" if number % 8 else "", iso(first)[:10], "en",
            _verdict(family if stands else ""), f'["{family}"]' if stands else "[]", int(removed), iso(first), iso(last),
            2 if changed else 1,
        )  # fmt: skip
        return page, revisions, notes

    def _family(self) -> str:
        return self._chance.choice(list(QUOTES))

    def _note(self, standing: int, review: int, fate: str | None, family: str) -> Values:
        # One note in three has words that recur; the others are about something of their own.
        topic = f"topic {self._chance.randrange(40)}" if self._chance.random() < 0.34 else self._text(2, 5).lower()
        quote = QUOTES[family].format(topic)
        confidence = round(0.9 + self._chance.random() / 10 if standing else 0.3 + self._chance.random() / 2, 4)
        return (
            self._revision, standing, review, fate, "block", 7, 0, len(quote), quote, self._text(25, 35) + "\n",
            "\n" + self._text(25, 35), kind_of(family).value, family, confidence,
        )  # fmt: skip

    def _text(self, least: int, most: int) -> str:
        words = list(islice(self._words, self._chance.randint(least, most)))
        return " ".join(words).capitalize() + "."

    def _word(self) -> str:
        return "".join(self._chance.choice(_SYLLABLES) for _ in range(self._chance.randint(1, 4)))

    def _name(self) -> str:
        return self._word().capitalize()

    def _hash(self) -> str:
        return f"{self._chance.getrandbits(256):064x}"


_SYLLABLES = [a + b for a in "bcdfghklmnprstvwz" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "on")]


def _uneven(items: list[str], chance: random.Random) -> Iterator[str]:
    """Items without end, the first far more often than the last, as Zipf found of words."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(items))))
    while True:
        yield from chance.choices(items, cum_weights=weights, k=1_000)


def _verdict(family: str) -> str:
    if not family:
        return "none"
    return "disclosed" if kind_of(family).value == "disclosure" else "undisclosed"


def size(path: Path) -> int:
    """Bytes of a history's file, with what its log holds."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path.stat().st_size
