"""A scan into the history: a source of its own, nothing doubled, and nothing of what the browser read changed."""

from __future__ import annotations

import json
import stat
from contextlib import closing

import pytest
from click.testing import CliRunner
from fake_reader import LEAK
from telltale.cli import main
from telltale.domain import Block, Page, Reading, Verdict
from telltale.history import HistoryError, open_database
from telltale.history.export import sqlite
from telltale.history.finding import Search
from telltale.history.queries import pages, sources, tally_of
from telltale.history.rows import insert, rows
from telltale.history.scanned import Scanned, source_of
from telltale.history.store import Sighting, record
from telltale.history.tallies import TABLES, recount

NOW = "2026-11-25T00:00:00Z"
FIRST, LATER, LAST = (f"2026-11-{day:02}T08:00:00Z" for day in (1, 12, 23))


def story(url: str, seen: str = FIRST, text: str = LEAK) -> dict:
    return {"url": f"https://news.example/{url}", "seen": seen, "title": url, "text": f"The story.\n{text}"}


@pytest.fixture
def database(tmp_path):
    """A history in which the browser has read one page, without notes."""
    path = tmp_path / "data" / "history.db"
    with closing(open_database(path)) as db, db.conn:
        page = Page("Own", (Block("Read here."),), "https://news.example/a")
        record(db, Sighting(page.url, "news.example", page, Reading(Verdict.NONE, (), (), "fake-1", 1), FIRST))
    return path


@pytest.fixture
def scan_in(scan, lines, database):
    """Scan records into the source Archive of the history."""

    def scan_in(records, **told):
        into = lambda mark: Scanned(database, "Archive", mark or NOW)  # noqa: E731
        return scan(lines(records), database.with_name("scan"), into=into, **told)

    return scan_in


def of(database, work):
    with closing(open_database(database)) as db:
        return work(db)


def seen(database) -> dict[str, dict]:
    """The pages of the scan by title."""
    return {p["title"]: p for p in of(database, lambda db: pages(db, source=2).items)}


def test_a_scan_is_a_source_of_its_own_and_changes_nothing_of_the_browsers(scan_in, database):
    scan_in([story("a"), story("b"), story("c", text="No note.")])
    assert [s["name"] for s in of(database, sources)] == ["this browser", "Archive"]
    assert of(database, lambda db: tally_of(db, "news.example", 2).undisclosed) == 2
    own = of(database, lambda db: tally_of(db, "news.example"))
    assert (own.pages, own.undisclosed) == (1, 0)
    note = seen(database)["a"]["notes"][0]
    assert (note["quote"], note["block"], note["start"], note["before"]) == (LEAK, 1, 0, "The story.\n")


def test_an_export_of_nothing_names_the_sources_that_hold_something(scan_in, database, tmp_path):
    scan_in([story("a")])
    told = CliRunner().invoke(
        main, ["export", "--data", str(database.parent), "-o", str(tmp_path / "out.csv"), "--outlet", "other.example"]
    )
    assert told.stderr.startswith(
        "Wrote 0 pages. They would be of what this browser read; --source names another: 'Archive'."
    )


def test_the_counts_are_those_of_a_new_count(scan_in, database):
    scan_in([story(str(n), text=LEAK if n % 3 else "No note.") for n in range(250)])

    def counts(db):
        return {table: rows(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}

    def both(db):
        kept = counts(db)
        recount(db)
        return kept, counts(db)

    kept, anew = of(database, both)
    assert kept == anew


def test_a_file_made_of_a_scan_says_so(scan_in, database, tmp_path):
    scan_in([story("a")])
    assert sqlite.write(database, tmp_path / "out.db", Search(source=2)) == 1
    assert [p["read_by"] for p in of(tmp_path / "out.db", lambda db: rows(db, "SELECT read_by FROM pages_read"))] == [
        "Archive"
    ]


def test_the_same_scan_again_doubles_nothing(scan_in, database):
    for _ in range(2):
        scan_in([story("a"), story("b", seen="")])
    assert {title: page["times_seen"] for title, page in seen(database).items()} == {"a": 1, "b": 1}
    assert seen(database)["b"]["last_seen"] == NOW


def test_a_later_sight_shows_what_was_removed_and_an_earlier_one_adds_nothing(scan_in, database):
    scan_in([story("a", FIRST), story("a", LAST, "Corrected."), story("a", LATER)])
    page = seen(database)["a"]
    assert (page["verdict"], page["removed"], page["times_seen"]) == ("none", 1, 2)
    assert (page["first_seen"], page["last_seen"]) == (FIRST, LAST)


def test_a_record_without_an_address_is_an_error_beside_the_history_for_its_owner_alone(scan_in, database):
    scan_in([{"id": 1, "text": LEAK}, story("a"), {**story("b"), "url": f"https://news.example/{'b' * 9000}"}])
    errors = database.with_name("scan.errors.ndjson")
    assert [json.loads(line)["error"][:30] for line in errors.read_text("utf-8").splitlines()] == [
        "A history keeps pages by their"
    ] * 2
    assert stat.S_IMODE(errors.stat().st_mode) == 0o600
    assert set(seen(database)) == {"a"}


def test_a_page_whose_text_was_known_keeps_its_note(scan_in, database):
    scan_in([{**story(str(n)), "title": ""} for n in range(100)])
    with closing(open_database(database)) as db:
        assert rows(db, "SELECT count(*) AS n FROM pages WHERE source = 2 AND verdict = 'undisclosed'") == [{"n": 100}]


@pytest.mark.parametrize("name", ["Anna", "", " ", "x" * 101, "this browser"])
def test_the_name_of_an_import_is_no_name_for_a_scan(database, name):
    with closing(open_database(database)) as db:
        insert(db, "sources", {"name": "Anna", "added": NOW, "history": "a" * 32})
        with pytest.raises(HistoryError, match="cannot be called"):
            source_of(db, name, NOW)


def test_a_source_that_was_scanned_comes_in_elsewhere_as_an_import(scan_in, database, tmp_path):
    from telltale.history.export import pages as exported
    from telltale.history.finding import Search
    from telltale.history.merge.merge import Told, import_file

    scan_in([story("a"), story("b")])
    found = of(database, lambda db: exported.batch(db, Search(source=2)))
    (tmp_path / "out.ndjson").write_text("".join(json.dumps(p) + "\n" for p in found), encoding="utf-8")
    with closing(open_database(tmp_path / "elsewhere" / "history.db")) as db:
        report = import_file(db, tmp_path / "out.ndjson", Told("Archive"), NOW)
        assert (report.counts["new"], report.faults) == (2, [])
