"""What is kept of the pages read, and that nothing acknowledged is lost."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale.domain import Kind, Note, Reading, Verdict
from telltale.history import History, HistoryError, open_database
from telltale.history.evidence import around, text_hash
from telltale.history.migrations import migrations
from telltale.history.queries import page, page_count, tally_of
from telltale.history.store import Sighting, record
from telltale.history.wilson import wilson

LEAK = "Here is the rewritten article."
REFUSAL = "I cannot help with that."
DISCLOSURE = "This article was written by AI."


async def test_a_page_seen_again_is_the_same_page(daemon):
    first = await daemon.read(LEAK, url="https://news.example/a#top")
    daemon.clock.now += 3600
    again = await daemon.read(LEAK, url="https://NEWS.example/a?utm_source=mail")
    assert (again["page_id"], again["first_seen"], again["outlet"]["pages"]) == (1, first["first_seen"], 1)
    found = await daemon.history.read(page, 1)
    assert (found["times_seen"], len(found["revisions"])) == (2, 1)
    assert found["revisions"][0]["last_seen"] == "2026-11-24T14:00:00Z"


async def test_a_note_that_went_gets_a_revision_with_both_times(daemon):
    await daemon.read("Words.", LEAK)
    daemon.clock.now += 3600
    body = await daemon.read("Words.")
    assert (body["verdict"], body["outlet"]["undisclosed"]) == ("none", 0)
    now, before = (await daemon.history.read(page, 1))["revisions"]
    assert (before["last_seen"], now["first_seen"]) == ("2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z")
    assert ([n["quote"] for n in before["notes"]], now["notes"]) == ([LEAK], [])


async def test_the_tally_of_an_outlet_follows_its_pages(daemon):
    for i, text in enumerate([LEAK, "Words.", DISCLOSURE, f"{DISCLOSURE} {LEAK}"]):
        body = await daemon.read(text, url=f"https://www{i}.news.example/")
    body = await daemon.read(REFUSAL, url="https://www1.news.example/")
    assert body["outlet"] == {
        "domain": "news.example",
        "pages": 4,
        "undisclosed": 2,
        "disclosed": 2,
        "interval": list(wilson(2, 4)),
    }


def sighting(page_of, *texts, notes=(), at="2026-11-24T13:00:00Z", **changes):
    verdict = Verdict.UNDISCLOSED if notes else Verdict.NONE
    reading = Reading(verdict, tuple(notes), (), "fake-1", len(texts))
    return replace(Sighting("https://news.example/a", "news.example", page_of(*texts), reading, at), **changes)


def test_the_evidence_is_kept_with_the_words_around_it(db, page_of):
    note = Note("block", 1, 4, 9, "quote", Kind.LEAK, "refusal", 0.75)
    kept = record(db, sighting(page_of, "First.", "The quote here.", "Last.", notes=[note]))
    revision = page(db, kept.page_id)["revisions"][0]
    assert revision["text_hash"] == text_hash(page_of("First.", "The quote here.", "Last."))
    assert revision["notes"] == [
        {
            "note_id": 1,
            "where": "block",
            "block": 1,
            "start": 4,
            "end": 9,
            "quote": "quote",
            "kind": "leak",
            "family": "refusal",
            "confidence": 0.75,
            "before": "The ",
            "after": " here.",
            "standing": 1,
            "fate": None,
            "wording": 1,
            "decision": None,
            "decided": None,
        }
    ]


def test_a_note_that_fills_its_block_is_kept_with_its_neighbours(page_of):
    note = Note("block", 1, 0, 4, "Note", Kind.LEAK, "refusal", 0.9)
    assert around(page_of("Before.", "Note", "After."), note) == ("Before.\n", "\nAfter.")
    assert around(page_of("", "Note"), note) == ("\n", "")


def test_a_revision_stands_for_changed_notes_not_for_moved_ones(db, page_of):
    note = Note("block", 0, 0, 4, "Note", Kind.LEAK, "refusal", 0.9)
    moved = replace(note, block=1, confidence=0.8)
    answered = []
    for seen in ([note], [moved], [replace(note, family="preamble")], []):
        kept = record(db, sighting(page_of, "Note", "Note", notes=seen))
        answered += [(n["note_id"], n["block"], n["confidence"], n["before"]) for n in kept.stand.notes]
    assert answered == [(1, 0, 0.9, ""), (1, 1, 0.8, "Note\n"), (2, 0, 0.9, "")]
    assert len(page(db, kept.page_id)["revisions"]) == 3
    assert tally_of(db, "news.example").undisclosed == 0


def test_the_files_are_private(settings, db):
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in settings.data_dir.iterdir()}
    assert "history.db-wal" in modes
    assert set(modes.values()) == {0o600}


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    open_database(tmp_path / "history.db").close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_opening_again_migrates_nothing_and_loses_nothing(settings, page_of):
    for expected in (0, 1):
        db = open_database(settings.database)
        assert (migrations.pending(db), page_count(db)) == ([], expected)
        record(db, sighting(page_of, "Words."))
        db.close()


async def test_a_failed_write_leaves_nothing_behind(settings):
    def half(db):
        db.execute("INSERT INTO codes VALUES ('x', 1)")
        raise sqlite3.OperationalError("disk I/O error")

    history = History(settings.database)
    with pytest.raises(HistoryError, match="disk I/O error"):
        await history.write(half)
    assert await history.read(lambda db: list(db["codes"].rows)) == []
    history.close()


async def test_a_reader_cannot_write(settings):
    history = History(settings.database)
    with pytest.raises(HistoryError, match="readonly"):
        await history.read(lambda db: db.execute("DELETE FROM pages"))
    history.close()


KILLED = """
import asyncio, sys
from pathlib import Path
from telltale.domain import *
from telltale.history import History
from telltale.history.store import Sighting, record

async def main():
    history = History(Path(sys.argv[1]))
    reading = Reading(Verdict.NONE, (), (), "fake-1", 1)
    for i in range(100_000):
        url = f"https://news.example/{i}"
        seen = Sighting(url, "news.example", Page("Title", (Block("Words."),)), reading, "2026-11-24T13:00:00Z")
        await history.write(record, seen)
        print(i, flush=True)

asyncio.run(main())
"""


def test_kill_9_loses_nothing_that_was_acknowledged(settings):
    process = subprocess.Popen([sys.executable, "-c", KILLED, settings.database], stdout=subprocess.PIPE, text=True)
    with process:
        acknowledged = [process.stdout.readline() for _ in range(25)]
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.readlines()
    db = open_database(settings.database)
    urls = {row["url"] for row in db["pages"].rows}
    assert urls >= {f"https://news.example/{int(line)}" for line in acknowledged}
    assert tally_of(db, "news.example").pages == len(urls)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_the_interval_is_wilsons():
    assert wilson(2, 31) == pytest.approx((0.018, 0.207), abs=0.001)  # docs/protocol.md
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=0.0001)  # Newcombe, Statistics in Medicine 17, 1998
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(k, more):
    low, high = wilson(k, k + more)
    assert 0 <= low <= (k / (k + more) if k + more else 0.5) <= high <= 1
