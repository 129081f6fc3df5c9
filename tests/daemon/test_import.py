"""Another's history: taken in apart, once however often, and never with what a stranger's file made up."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner
from telltale.cli import main
from telltale.history import open_database
from telltale.history.export import pages
from telltale.history.finding import Search, search
from telltale.history.merge.checked import BadPage, checked
from telltale.history.merge.files import FileError
from telltale.history.merge.merge import Told, import_file
from telltale.history.queries import page_count, sources, tally_of
from telltale.history.review import waiting
from telltale.history.rows import rows
from telltale.history.tallies import TABLES, recount

LEAK = "Here is the rewritten article."
DISCLOSURE = "This article was written by AI."
AT = "2026-11-25T00:00:00Z"


@pytest.fixture
async def other(start, settings, tmp_path):
    """Another's daemon with a page whose note was removed, and one that was dismissed."""
    daemon = await start(settings=replace(settings, data_dir=tmp_path / "other"))
    await daemon.ready()
    daemon.headers = {
        "Authorization": f"Bearer {(await (await daemon.pair(await daemon.code(), None)).json())['token']}"
    }
    await daemon.read("Before.", LEAK, url="https://news.example/a", title="Budget")
    told = await daemon.read(DISCLOSURE, url="https://news.example/b", title="Told")
    daemon.clock.now += 3600
    await daemon.read("Before.", url="https://news.example/a", title="Budget")
    body = {"page_id": told["page_id"], "note": told["notes"][0], "decision": "dismiss"}
    assert (await daemon.post("/v1/feedback", body)).status == 200
    return daemon


def written(daemon, path):
    told = CliRunner().invoke(main, ["export", "--data", str(daemon.settings.data_dir), "-o", str(path), "--overwrite"])
    assert told.exit_code == 0, told.stderr
    return path


def whole(db, source):
    """Every page of a source without what differs from one history to another."""
    return [{**page, "page_id": 0} for page in pages.batch(db, Search(source=source))]


def counts(db):
    return {table: rows(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}


@pytest.fixture
def lines(other, tmp_path):
    return written(other, tmp_path / "anna.ndjson")


@pytest.mark.parametrize("ending", ["ndjson", "db"])
async def test_what_was_exported_comes_in_as_it_was_and_apart(other, db, tmp_path, ending):
    file = written(other, tmp_path / f"anna.{ending}")
    report = import_file(db, file, Told("Anna"), AT)
    assert (report.counts, report.faults) == ({"new": 2, "newer": 0, "known": 0}, [])
    assert [(s["id"], s["name"]) for s in sources(db)] == [(1, "this browser"), (2, "Anna")]
    with closing(open_database(other.settings.database)) as original:
        assert whole(db, 2) == whole(original, 1)
        assert tally_of(db, "news.example", 2) == tally_of(original, "news.example")
    assert page_count(db) == 0 and tally_of(db, "news.example").pages == 0 and waiting(db, True) == 0


async def test_a_history_itself_can_be_imported_while_its_daemon_runs(other, db):
    assert import_file(db, other.settings.database, Told(), AT).counts["new"] == 2


@pytest.mark.parametrize("ending", ["ndjson", "db"])
async def test_twice_is_once(other, db, tmp_path, ending):
    file = written(other, tmp_path / f"anna.{ending}")
    import_file(db, file, Told("Anna"), AT)
    before, tallies = whole(db, 2), counts(db)
    report = import_file(db, file, Told("Anna again"), AT)
    assert report.counts == {"new": 0, "newer": 0, "known": 2}
    assert (whole(db, 2), counts(db), len(sources(db))) == (before, tallies, 2)


async def test_a_later_export_brings_what_is_newer_and_keeps_what_was_decided_here(other, db, lines):
    import_file(db, lines, Told("Anna"), AT)
    db.execute("UPDATE decisions SET decision = 'confirmed'")
    other.clock.now += 3600
    await other.read("Before.", LEAK, url="https://news.example/a", title="Budget again")
    await other.read(DISCLOSURE, url="https://news.example/b", title="Told")
    await other.read("New.", url="https://news.example/c")
    report = import_file(db, written(other, lines), Told(), AT)
    assert report.counts == {"new": 1, "newer": 2, "known": 0}
    budget, told, _ = whole(db, 2)
    assert (budget["title"], budget["verdict"], len(budget["revisions"])) == ("Budget again", "undisclosed", 3)
    assert (told["verdict"], told["revisions"][-1]["notes"][0]["decision"]) == ("disclosed", "confirmed")
    # An older export, taken in after a newer one, takes nothing back.
    before = whole(db, 2)
    assert import_file(db, written(other, lines), Told(), AT).counts["known"] == 3 and whole(db, 2) == before


async def test_counts_and_index_are_those_of_counting_anew(other, db, lines):
    import_file(db, lines, Told("Anna"), AT)
    kept = counts(db)
    recount(db)
    assert kept == counts(db)
    db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


async def test_pages_count_as_own_only_by_choice_and_own_sights_stay(other, daemon, lines):
    await daemon.read("Mine.", LEAK, url="https://news.example/a", title="As I saw it")
    with closing(open_database(daemon.settings.database)) as db:
        report = import_file(db, lines, Told(own=True), AT)
        assert report.counts == {"new": 1, "newer": 0, "known": 1}
        assert [page["title"] for page in whole(db, 1)] == ["As I saw it", "Told"] and len(sources(db)) == 1
        assert import_file(db, lines, Told(own=True), AT).counts["known"] == 2
    body = await daemon.read(DISCLOSURE, url="https://news.example/b", title="Told")
    assert (body["outlet"]["pages"], body["notes"], len(body["dismissed"])) == (2, [], 1)


async def test_ones_own_export_is_refused_unless_it_is_to_be_put_back(other, lines):
    with closing(open_database(other.settings.database)) as db:
        with pytest.raises(FileError, match="--own"):
            import_file(db, lines, Told(), AT)
        assert import_file(db, lines, Told(own=True), AT).counts["known"] == 2
        db.execute("DELETE FROM pages")
    assert (
        CliRunner().invoke(main, ["import", "--data", str(other.settings.data_dir), "--own", str(lines)]).exit_code == 0
    )


async def test_two_of_one_name_are_told_apart(other, db, lines, tmp_path):
    import_file(db, lines, Told("Anna"), AT)
    text = lines.read_text()
    stranger = tmp_path / "stranger.ndjson"
    stranger.write_text(text.replace(json.loads(text.splitlines()[0])["history"], "0" * 32))
    import_file(db, stranger, Told("Anna"), AT)
    assert [s["name"] for s in sources(db)] == ["this browser", "Anna", "Anna (2)"]


async def test_the_history_shows_an_import_apart_and_deletes_it(other, daemon, lines):
    told = CliRunner().invoke(main, ["import", "--data", str(daemon.settings.data_dir), "--name", "Anna", str(lines)])
    assert (told.exit_code, told.stdout) == (0, "Taken in: 2 pages (2 new, 0 newer, 0 known).\n")
    await daemon.open_history()
    assert "Budget" not in await daemon.page("/?show=all") and "Anna" in await daemon.page("/")
    shown = await daemon.page("/?show=all&source=2")
    assert "Budget" in shown and "in a history that was imported" in shown
    again = await daemon.client.get("/export?format=ndjson&source=2")
    assert [json.loads(x)["history"] for x in (await again.text()).splitlines()] == [
        json.loads(x)["history"] for x in lines.read_text().splitlines()
    ]
    own = {"Origin": f"http://{daemon.host}", "Sec-Fetch-Site": "same-origin"}
    await daemon.client.post("/sources/2/delete", headers=own, data={})
    assert "Anna" not in await daemon.page("/")


async def test_exports_can_name_an_import(other, daemon, lines, tmp_path):
    data = ["--data", str(daemon.settings.data_dir)]
    CliRunner().invoke(main, ["import", *data, "--name", "Anna", str(lines)])
    again = tmp_path / "again.ndjson"
    told = CliRunner().invoke(main, ["export", *data, "--source", "Anna", "-o", str(again)])
    assert (told.exit_code, told.stderr) == (0, "Wrote 2 pages.\n")
    missing = CliRunner().invoke(main, ["export", *data, "--source", "Ben", "-o", str(tmp_path / "x.json")])
    assert missing.exit_code == 2 and "'Anna'" in missing.stderr


PAGE = {
    "history": "a" * 32, "url": "https://news.example/a", "title": "T", "byline": "", "published": "", "lang": "en",
    "times_seen": 1,
    "revisions": [{
        "model": "m", "text_hash": "0" * 64, "sentences": 1, "first_seen": "2026-11-24T13:00:00Z",
        "last_seen": "2026-11-24T14:00:00Z",
        "notes": [{
            "where": "block", "block": 0, "start": 0, "end": 4, "quote": "Note", "before": "", "after": "", "kind": "leak",
            "family": "refusal", "confidence": 0.9, "standing": True, "fate": None, "decision": None, "decided": None,
        }],
    }],
}  # fmt: skip
REVISION, NOTE = PAGE["revisions"][0], PAGE["revisions"][0]["notes"][0]


def with_revision(**changes):
    return {**PAGE, "revisions": [{**REVISION, **changes}]}


def with_note(**changes):
    return with_revision(notes=[{**NOTE, **changes}])


def test_the_page_that_the_next_tests_spoil_is_good():
    assert checked(PAGE).address.url == "https://news.example/a"


@pytest.mark.parametrize(
    "page",
    [
        None, [], "x", {}, {**PAGE, "history": "../../x"}, {**PAGE, "url": "javascript:alert(1)"}, {**PAGE, "title": 1},
        {**PAGE, "title": "x" * 501}, {**PAGE, "times_seen": 0}, {**PAGE, "times_seen": True}, {**PAGE, "times_seen": 2**70},
        {**PAGE, "revisions": []}, {**PAGE, "revisions": {}}, {**PAGE, "revisions": [None]},
        with_revision(first_seen="yesterday"), with_revision(first_seen="2026-13-01T00:00:00Z"),
        with_revision(first_seen="9999-01-01T00:00:00Z", last_seen="9999-01-01T00:00:00Z"),
        with_revision(last_seen="2026-11-24T12:00:00Z"), with_revision(text_hash="<script>"),
        {**PAGE, "revisions": [REVISION, REVISION]},
        with_note(where="header"), with_note(end=5), with_note(start=-1), with_note(confidence=2),
        with_note(confidence=float("nan")), with_note(family="new", kind="insult"), with_note(fate="gone"),
        with_note(family="source1"), with_note(family="Refusal"), with_note(family=""), with_note(standing=1), with_note(decision="dismissed"), with_note(decision="deleted", decided=AT),
        with_note(quote=b"Note"), with_note(block=None), {**PAGE, "revisions": [{**REVISION, "notes": [NOTE] * 10_001}]},
    ],
)  # fmt: skip
def test_what_no_browser_could_have_seen_is_refused_with_a_sentence(page):
    with pytest.raises(BadPage, match=r"\.$"):
        checked(page)


def test_what_follows_from_other_values_is_not_believed(db, tmp_path):
    file = tmp_path / "x.ndjson"
    claims = {
        "verdict": "disclosed",
        "outlet": "victim.example",
        "site": "victim.example",
        "removed": 99,
        "families": "[]",
    }
    file.write_text(json.dumps({**with_note(kind="disclosure"), **claims}))
    import_file(db, file, Told(), AT)
    [page] = whole(db, 2)
    assert (page["outlet"], page["verdict"], page["removed"]) == ("news.example", "undisclosed", 0)
    assert page["revisions"][0]["notes"][0]["kind"] == "leak"


def test_no_word_of_an_imported_page_puts_it_among_ones_own(db, tmp_path, monkeypatch):
    monkeypatch.setattr("telltale.history.merge.checked._FAMILY", re.compile(".*"))  # as before it was asked for
    file = tmp_path / "x.ndjson"
    file.write_text(json.dumps(with_note(family="source1")))
    import_file(db, file, Told(), AT)
    own = Search()
    assert (search(db, own).items, pages.batch(db, own), pages.numbers(db, own)) == ([], [], [])
    assert pages.numbers(db, Search(source=2)) == [1]


def test_bad_pages_are_left_out_and_told_and_the_others_come_in(settings, tmp_path):
    file = tmp_path / "x.ndjson"
    file.write_text("\n".join([json.dumps(PAGE), "{", json.dumps({**PAGE, "url": "ftp://x"}), ""]))
    told = CliRunner().invoke(main, ["import", "--data", str(settings.data_dir), str(file)])
    assert told.exit_code == 1 and "1 new" in told.stdout
    assert [line.partition(": The")[0] for line in told.stderr.splitlines()][:2] == [
        "Left out: line 2: A page must be a JSON object.",
        "Left out: line 3",
    ]


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe", b"SQLite format 3\0" + b"x" * 5000, b"[" * 100_000])
def test_a_file_that_is_no_export_is_one_sentence(settings, tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    told = CliRunner().invoke(main, ["import", "--data", str(settings.data_dir), str(tmp_path / "x")])
    assert "Traceback" not in told.output and (told.exit_code == 1 if content else "0 pages" in told.stdout)


def test_a_database_with_views_in_the_place_of_tables_is_not_read(settings, tmp_path):
    path = tmp_path / "evil.db"
    with closing(sqlite3.connect(path)) as evil:
        endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS id, x AS source FROM n"
        for name in ("sources", "revisions", "notes", "decisions"):
            evil.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY)")
        evil.execute(f"CREATE VIEW pages AS {endless}")
    told = CliRunner().invoke(main, ["import", "--data", str(settings.data_dir), str(path)])
    assert told.exit_code == 1 and "no history of Telltale" in told.stderr
