"""The counts that are kept are those that counting anew gives, whatever was done in whatever order."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from telltale.domain import Block, Kind, Note, Page, Reading, kind_of
from telltale.history import open_database
from telltale.history.decisions import Decision, Feedback, decide
from telltale.history.rows import rows
from telltale.history.store import Sighting, record
from telltale.history.tallies import TABLES, recount
from telltale.judge import verdict_of

FAMILIES = ("refusal", "preamble", "written_by_ai")

sights = st.tuples(
    st.sampled_from(["https://a.example/1", "https://a.example/2", "https://b.example/1"]),
    st.sets(st.sampled_from(FAMILIES)),
    st.sampled_from(["", "By A", "By B"]),
    st.integers(0, 90),
)
decisions = st.tuples(st.integers(1, 3), st.sampled_from(FAMILIES), st.sampled_from(list(Decision)))


def counts(db):
    return {table: rows(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}


def see(db, url, families, byline, day):
    notes = tuple(Note("block", 0, 0, len(f), f, Kind(kind_of(f)), f, 0.9) for f in sorted(families))
    page = Page("Title", (Block(" ".join(FAMILIES)),), byline=byline)
    at = f"2026-{day // 28 + 1:02}-{day % 28 + 1:02}T12:00:00Z"
    record(db, Sighting(url, url[8:17], page, Reading(verdict_of(notes), notes, (), "fake-1", 1), at))


def act(db, step):
    if isinstance(step[0], str):
        return see(db, *step)
    page_id, family, decision = step
    if rows(
        db, "SELECT 1 FROM notes JOIN revisions r ON r.id = revision WHERE page = ? AND quote = ?", page_id, family
    ):
        decide(db, Feedback(page_id, "block", family, decision), "2026-11-24T13:00:00Z")


@settings(max_examples=40)
@given(st.lists(sights | decisions, max_size=16))
def test_kept_counts_are_true_counts(steps):
    with TemporaryDirectory() as folder, closing(open_database(Path(folder) / "history.db")) as db:
        for step in steps:
            act(db, step)
        kept = counts(db)
        recount(db)
        assert kept == counts(db)
        db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
