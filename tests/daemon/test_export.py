"""The history as CSV, JSON, NDJSON and SQLite: everything in it, nothing that was not chosen, no formulas."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sqlite3
import stat
import threading
from contextlib import closing

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from telltale.cli import main
from telltale.history import open_database
from telltale.history.export import pages, sqlite
from telltale.history.export.datasette import VIEWS
from telltale.history.export.text import COLUMNS, guarded
from telltale.history.finding import Search
from telltale.history.queries import page_count
from telltale.history.wilson import wilson
from telltale.views import exporting

LEAK = "Here is the rewritten article."
REFUSAL = "I cannot help with that."
DISCLOSURE = "This article was written by AI."


@pytest.fixture
async def filled(daemon):
    """A leak that was removed later, a disclosure that was dismissed, and a page without notes."""
    await daemon.read("Before.", LEAK, "After.", url="https://news.example/a", title="Budget", byline="By Jane Doe")
    told = await daemon.read(DISCLOSURE, url="https://other.example/b", title="Café")
    await daemon.read("Nothing here.", url="https://news.example/c", title="Quiet")
    daemon.clock.now += 3600
    await daemon.read("Before.", "After.", url="https://news.example/a", title="Budget", byline="By Jane Doe")
    decision = {"page_id": told["page_id"], "note": told["notes"][0], "decision": "dismiss"}
    assert (await daemon.post("/v1/feedback", decision)).status == 200
    await daemon.open_history()
    return daemon


async def exported(daemon, form, **query):
    answer = await daemon.client.get("/export", params={"format": form, **query})
    assert answer.status == 200, await answer.text()
    return answer, await answer.read()


def table(raw):
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


async def test_ndjson_has_a_line_for_each_page_with_all_that_was_seen_of_it(filled):
    answer, raw = await exported(filled, "ndjson")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="telltale-2026-11-24.ndjson"'
    found = [json.loads(line) for line in raw.splitlines()]
    assert [page["title"] for page in found] == ["Budget", "Café", "Quiet"]
    budget, cafe, _ = found
    assert (budget["first_seen"], budget["last_seen"]) == ("2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z")
    assert (budget["verdict"], budget["removed"], budget["times_seen"]) == ("none", 1, 2)
    first, second = budget["revisions"]
    assert (first["notes"][0]["quote"], first["notes"][0]["fate"], second["notes"]) == (LEAK, "removed", [])
    assert (first["notes"][0]["before"], first["notes"][0]["after"]) == ("Before.\n", "\nAfter.")
    [note] = cafe["revisions"][0]["notes"]
    assert (note["decision"], note["decided"], note["standing"]) == ("dismissed", "2026-11-24T14:00:00Z", True)
    assert len({page["history"] for page in found}) == 1 and len(budget["history"]) == 32


async def test_json_is_one_object_with_the_same_pages(filled):
    answer, raw = await exported(filled, "json")
    assert answer.content_type == "application/json"
    lines = (await exported(filled, "ndjson"))[1].splitlines()
    assert json.loads(raw) == {"telltale": 1, "pages": [json.loads(line) for line in lines]}


async def test_csv_has_a_row_for_each_note_and_says_what_became_of_it(filled):
    found = table((await exported(filled, "csv"))[1])
    assert tuple(found[0]) == COLUMNS
    assert [(row["title"], row["state"], row["quote"]) for row in found] == [
        ("Budget", "removed", LEAK),
        ("Café", "dismissed", DISCLOSURE),
        ("Quiet", "", ""),
    ]
    assert (found[0]["seen_from"], found[0]["seen_until"]) == ("2026-11-24T13:00:00Z", "2026-11-24T13:00:00Z")


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"outlet": "news.example"}, ["Budget", "Quiet"]),
        ({"verdict": "none", "removed": "1"}, ["Budget"]),
        ({"q": "written"}, ["Café"]),
        ({"since": "2026-12"}, []),
        ({"source": "2"}, []),
    ],
)
@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "sqlite"])
async def test_only_what_was_chosen_is_exported(filled, tmp_path, form, filters, titles):
    _, raw = await exported(filled, form, **filters)
    assert titles_in(raw, form, tmp_path) == titles


def titles_in(raw, form, folder):
    if form == "csv":
        return [row["title"] for row in table(raw)]
    if form == "sqlite":
        (folder / "x.db").write_bytes(raw)
        with closing(sqlite3.connect(folder / "x.db")) as db:
            return [title for (title,) in db.execute("SELECT title FROM pages ORDER BY id")]
    found = json.loads(raw)["pages"] if form == "json" else map(json.loads, raw.splitlines())
    return [page["title"] for page in found]


async def test_sqlite_is_a_history_of_its_own_without_pairings(filled, tmp_path):
    (tmp_path / "copy.db").write_bytes((await exported(filled, "sqlite"))[1])
    with closing(open_database(tmp_path / "copy.db")) as db:
        assert page_count(db) == 3
        assert [db[name].count for name in ("tokens", "codes", "tickets", "settings", "aliases")] == [0] * 5
        whole = pages.batch(db, Search())
    assert whole == await filled.history.read(pages.batch, Search())
    assert not list(filled.settings.data_dir.glob("export-*"))


async def test_another_program_finds_plain_views_and_what_they_mean(filled, tmp_path):
    command = ["export", "--data", str(filled.settings.data_dir), "-o", str(tmp_path / "mine.db")]
    assert CliRunner().invoke(main, command).exit_code == 0
    told = json.loads((tmp_path / "mine.metadata.json").read_text())["databases"]["mine"]["tables"]
    with closing(sqlite3.connect(tmp_path / "mine.db")) as db:
        for view, (_, columns) in VIEWS.items():
            shown = {column[0] for column in db.execute(f"SELECT * FROM {view}").description}
            assert {*columns, told[view]["sort_desc"]} <= shown and not told[view].get("hidden")
        names = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert names == set(told) and told["pages"] == {"hidden": True}
        assert db.execute("SELECT title, notes_removed FROM pages_read ORDER BY page").fetchall() == [
            ("Budget", 1), ("Café", 0), ("Quiet", 0),
        ]  # fmt: skip
        assert db.execute("SELECT quote, state FROM notes_found ORDER BY note").fetchall() == [
            (LEAK, "removed"), (DISCLOSURE, "dismissed"),
        ]  # fmt: skip
        gone = ("2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z")
        assert db.execute("SELECT still_seen_at, gone_at FROM notes_removed").fetchall() == [gone]


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (2, 31), (30, 100), (100, 100), (17, 100_000)])
def test_the_view_has_the_interval_of_the_pages(db, k, n):
    db.execute("INSERT INTO outlets VALUES ('a.example', 1, ?, ?, 0, 0, '', '')", [n, k])
    sql = "SELECT undisclosed_at_least, undisclosed_at_most FROM outlets_compared"
    assert db.execute(sql).fetchone() == pytest.approx(wilson(k, n), abs=1e-4)


async def test_more_pages_than_a_batch_are_all_there_once(daemon):
    for i in range(pages.BATCH + 5):
        await daemon.read("Words.", url=f"https://news.example/{i}", title=f"T{i}")
    await daemon.open_history()
    for form in ("ndjson", "json", "csv"):
        found = titles_in((await exported(daemon, form))[1], form, None)
        assert found == [f"T{i}" for i in range(pages.BATCH + 5)]


@pytest.mark.parametrize(
    "query", [{}, {"format": "xls"}, {"format": "csv", "since": "soon"}, {"format": "csv", "q": "-a"}]
)
async def test_what_cannot_be_exported_is_refused_with_a_sentence(filled, query):
    answer = await filled.client.get("/export", params=query)
    assert answer.status == 422 and (await answer.json())["detail"].endswith(".")


async def test_without_a_session_nothing_is_exported(daemon):
    await daemon.read(LEAK)
    answer = await daemon.client.get("/export?format=ndjson")
    assert answer.status == 401 and LEAK not in await answer.text()


@pytest.mark.parametrize("path", ["/", "/outlets/news.example", "/search?q=rewritten&verdict=none"])
async def test_the_pages_offer_the_export_of_what_they_show(filled, path):
    html = (await filled.page(path)).replace("&amp;", "&")
    links = [part.partition('"')[0] for part in html.split('href="') if part.startswith("/export")]
    assert len(links) == 4
    found = table(await (await filled.client.get(next(link for link in links if "csv" in link))).read())
    titles = [row["title"] for row in found]
    assert titles == {"/": ["Budget", "Café", "Quiet"], "/outlets/news.example": ["Budget", "Quiet"]}.get(
        path, ["Budget"]
    )


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", FORMULAS)
async def test_no_cell_is_a_formula(daemon, text):
    await daemon.read(f"{text} {LEAK}", title=text, byline=text, published=text)
    await daemon.open_history()
    _, raw = await exported(daemon, "csv")
    [row] = table(raw)
    assert row["title"] == row["byline"] == guarded(text) and row["title"].startswith("'")
    assert row["before"].startswith("'")


async def test_no_cell_is_a_formula_where_the_separator_is_a_semicolon(daemon):
    await daemon.read(LEAK, title="Budget;=1+1", byline='Doe";=1+1')
    await daemon.open_history()
    _, raw = await exported(daemon, "csv")
    cells = [
        cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";") for cell in row
    ]
    assert not [cell for cell in cells if cell.startswith("=")]


async def test_what_an_export_of_a_killed_daemon_left_behind_is_deleted_at_the_next_start(start, settings):
    left = settings.data_dir / "export-in-work-abc" / "history.db"
    kept = settings.data_dir / "export-2026.csv"
    left.parent.mkdir(parents=True)
    for file in (left, kept):
        file.write_text("what was read")
    await start()
    assert not left.parent.exists() and kept.exists()


@given(st.text(st.sampled_from("=+-@＝'; \t\r\na") | st.characters()))
def test_a_guarded_cell_is_never_a_formula_and_loses_nothing(text):
    cell = guarded(text)
    for part in re.split(r"[;\t\r\n]", cell):
        assert not part.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert cell.replace("'", "") == text.replace("'", "")


async def test_the_command_writes_what_the_page_does(filled, tmp_path):
    data = str(filled.settings.data_dir)
    for form, ending in (("csv", "csv"), ("json", "json"), ("ndjson", "jsonl")):
        target = tmp_path / f"out.{ending}"
        told = CliRunner().invoke(main, ["export", "--data", data, "-o", str(target), "--outlet", "news.example"])
        assert (told.exit_code, told.stderr) == (0, "Wrote 2 pages.\n")
        assert target.read_bytes() == (await exported(filled, form, outlet="news.example"))[1]
        assert target.stat().st_mode & 0o777 == 0o600


async def test_the_command_never_writes_over_a_file_unasked(filled, tmp_path):
    target = tmp_path / "out.db"
    target.write_text("mine")
    command = ["export", "--data", str(filled.settings.data_dir), "-o", str(target)]
    told = CliRunner().invoke(main, command)
    assert (told.exit_code, target.read_text()) == (2, "mine") and "--overwrite" in told.stderr
    assert CliRunner().invoke(main, [*command, "--overwrite"]).exit_code == 0
    assert titles_in(target.read_bytes(), "sqlite", tmp_path) == ["Budget", "Café", "Quiet"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "out.db", "out.metadata.json", "x.db"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "out.xls"], ".csv"),
        (["--since", "soon"], "2026-11"),
        (["--source", "Anna"], "'Anna'"),
        (["--format", "sqlite"], "-o"),
    ],
)
async def test_what_the_command_cannot_do_is_one_sentence_and_status_2(filled, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, ["export", "--data", str(filled.settings.data_dir), *arguments])
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1) and says in told.stderr


def test_without_a_history_there_is_nothing_to_export(tmp_path):
    told = CliRunner().invoke(main, ["export", "--data", str(tmp_path)])
    assert told.exit_code == 1 and not list(tmp_path.iterdir())


def test_a_search_that_cannot_be_made_is_said_before_anything_is_written(tmp_path, settings, db):
    with pytest.raises(ValueError):
        sqlite.write(settings.database, tmp_path / "x.db", Search(since="soon"))
    assert not (tmp_path / "x.db").exists()


def test_the_daemon_writes_and_empties_its_log_while_a_file_is_written(settings, db, tmp_path, monkeypatch):
    copy, rebuild, seen = sqlite._copy, sqlite.search_index.rebuild, []
    db.execute("PRAGMA busy_timeout=0").fetchall()

    def writes(*arguments):
        copy(*arguments)
        db.execute("INSERT INTO aliases VALUES ('a.example', 'b.example')")

    def empties(made):
        rebuild(made)
        seen.append(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    monkeypatch.setattr(sqlite, "_copy", writes)
    monkeypatch.setattr(sqlite.search_index, "rebuild", empties)
    sqlite.write(settings.database, tmp_path / "x.db", Search())
    assert seen == [0]


async def test_a_cancelled_export_keeps_its_folder_until_its_thread_is_done(tmp_path, monkeypatch):
    begun, goes_on, seen = threading.Event(), threading.Event(), []

    def write(_database, path, _wanted):
        begun.set()
        assert goes_on.wait(10)
        seen.append(path)

    monkeypatch.setattr(sqlite, "write", write)
    task = asyncio.ensure_future(exporting._written(tmp_path, tmp_path / "x", Search()))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == [tmp_path / "x"]


def test_an_export_over_a_file_that_others_may_read_is_its_owners_alone(settings, db, tmp_path):
    target = tmp_path / "x.csv"
    target.touch(0o644)
    command = ["export", "--data", str(settings.data_dir), "-o", str(target), "--overwrite"]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
