"""No query of the history reads more than it shows: what costs nothing at ten pages must cost nothing at a million."""

from __future__ import annotations

import re
from contextlib import closing
from unittest.mock import Mock

import pytest
from benchmarks import history as bench
from benchmarks.made_history import Shares, make
from benchmarks.report import markdown
from telltale.history import network, open_database, review, timeline
from telltale.history.finding import Search, search
from telltale.history.queries import ORDERS, outlets, page, pages, tally_of
from telltale.history.rows import rows
from telltale.history.tallies import TABLES, recount
from telltale.settings import Settings

AFTER = "2026-11-24T13:00:00Z~5"
LISTS = {
    "pages": lambda db: pages(db),
    "pages after": lambda db: pages(db, after=AFTER),
    "pages with notes": lambda db: pages(db, after=AFTER, noted=True),
    "pages of an outlet": lambda db: pages(db, "a.example", AFTER),
    "pages of an outlet with notes": lambda db: pages(db, "a.example", AFTER, noted=True),
    "a page": lambda db: page(db, 5),
    "removals": lambda db: timeline.removals(db),
    "removals of an outlet": lambda db: timeline.removals(db, outlet="a.example"),
    "months": lambda db: timeline.months(db, "a.example"),
    "families": lambda db: timeline.families(db, "a.example"),
    "bylines": lambda db: timeline.bylines(db, "a.example"),
    "shared words": lambda db: network.shared_wordings(db),
    "shared bylines": lambda db: network.shared_bylines(db),
    "tally": lambda db: tally_of(db, "a.example"),
    "review": lambda db: review.queue(db, True, "~5"),
    "review below the threshold": lambda db: review.queue(db, False),
    "decided": lambda db: review.decided(db, "~5"),
    "search": lambda db: search(db, Search("word"), "~5"),
    **{f"outlets by {order}": lambda db, order=order: outlets(db, order=order) for order in ORDERS},
}
# Sorting is right where so few rows are sorted: what one outlet or one page has, the 20 removals that are shown,
# and the groups of the network, which are as many as the notes and not as the pages.
SORTED = {"families", "bylines", "removals of an outlet", "a page", "removals", "shared words", "shared bylines"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small made history, and its folder."""
    folder = tmp_path_factory.mktemp("made")
    make(folder / "history.db", 2_000, shares=Shares(noted=0.2, changed=0.2))
    return folder


def plans(db, ask):
    """How SQLite goes about each statement of a query."""
    asked = []
    db.conn.set_trace_callback(asked.append)
    ask(db)
    db.conn.set_trace_callback(None)
    return {
        sql: [step["detail"] for step in rows(db, f"EXPLAIN QUERY PLAN {sql}")]
        for sql in set(asked)
        if sql.startswith("SELECT")
    }


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_read_whole(made, name):
    with closing(open_database(made / "history.db")) as db:
        found = plans(db, LISTS[name])
    assert found
    for sql, steps in found.items():
        for step in steps:
            whole = re.match(
                r"SCAN (?!search VIRTUAL TABLE|j VIRTUAL TABLE|main\.search_config|CONSTANT|\(subquery|g\b|r USING INDEX revisions_removing)",
                step,
            )
            assert not whole, (step, sql)
            assert not (name in SORTED and re.search(r"INDEX pages_\w+ \(source=\?\)", step)), (step, sql)
            assert name in SORTED or "TEMP B-TREE FOR ORDER BY" not in step, (step, sql)


def test_the_check_finds_a_query_that_reads_all(made):
    with closing(open_database(made / "history.db")) as db, pytest.raises(AssertionError):
        for steps in plans(db, lambda db: rows(db, "SELECT * FROM pages ORDER BY title")).values():
            assert not any(re.match(r"SCAN", step) for step in steps)


def test_a_made_history_keeps_every_rule_of_a_read_one(made):
    with closing(open_database(made / "history.db")) as db:
        kept = {table: rows(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}
        recount(db)
        assert kept == {table: rows(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}
        db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        shown = pages(db, noted=True).items
        assert shown and all(page["notes"] for page in shown) and timeline.removals(db)


def test_the_bench_asks_for_every_page_and_says_how_long_it_took(made, unused_tcp_port):
    found = bench.bench(made, 2000, rounds=2, port=unused_tcp_port)
    names = bench.requests(Mock(), bench.known_of(Settings(data_dir=made)))
    assert list(found["ms"]) == list(names)
    assert all(len(taken) == 2 for taken in found["ms"].values())
    said = markdown({"history": found})
    assert all(f"| {name} | " in said for name in names)
    assert f"{found['bytes_a_page']:,} bytes a page" in said
    assert ("(over)" in said) == any(bench.p95_of(taken) >= bench.GOAL for taken in found["ms"].values())
