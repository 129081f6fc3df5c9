"""`telltale doctor`, `browsers` and `unpair`, and what is got back of a damaged history."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from process import listening_port, telltale
from telltale.auth import Pairing, make_code, redeem_code
from telltale.cli import main
from telltale.domain import Block, Kind, Note, Page, Reading, Verdict
from telltale.history import open_database
from telltale.history.aside import moved_aside
from telltale.history.database import HistoryDamaged
from telltale.history.lock import hold
from telltale.history.salvage import is_whole, salvage
from telltale.history.store import Sighting, record
from telltale.history.tallies import TABLES, recount

LEAK = "Here is the rewritten article."
PAGES = 400


def page(i: int) -> Sighting:
    text = f"{LEAK} Number {i}, with some more words so that the rows fill many pages of the file."
    note = Note("block", 0, 0, len(LEAK), LEAK, Kind.LEAK, "preamble", 0.98)
    reading = Reading(Verdict.UNDISCLOSED, (note,), (), "fake-1", 2)
    url = f"https://news{i % 7}.example/{i}"
    return Sighting(
        url, f"news{i % 7}.example", Page(f"Title {i}", (Block(text),), url), reading, "2026-11-24T13:00:00Z"
    )


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A history of some hundred pages with notes, closed."""
    path = tmp_path / "history.db"
    with closing(open_database(path)) as db:
        db.execute("BEGIN")
        for i in range(PAGES):
            record(db, page(i))
        redeem_code(db, make_code(db, 0, 600), Pairing("Chrome", "chrome-extension://a"), 0, 600)
        db.conn.commit()
    return path


def page_of_file(path: Path, table: str, share: float) -> int:
    """The number of a page of the file that holds rows of a table, at some share of all such pages."""
    with closing(sqlite3.connect(path)) as db:
        if not db.execute(
            "SELECT count(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_DBSTAT_VTAB'"
        ).fetchone()[0]:
            pytest.skip("this SQLite cannot say where its rows are")
        leaves = db.execute(
            "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path", [table]
        ).fetchall()
    return leaves[int(share * len(leaves))][0]


def damage(path: Path, number: int, part: slice = slice(None), byte: bytes = b"\xff") -> None:
    with path.open("r+b") as file:
        size = int.from_bytes(file.read(18)[16:], "big")
        start, stop, _ = part.indices(size)
        file.seek((number - 1) * size + start)
        file.write(byte * (stop - start))


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
@pytest.mark.parametrize("table", ["pages", "revisions", "notes"])
def test_all_but_the_damaged_rows_are_got_back_and_counted_anew(full, tmp_path, table, share):
    damage(full, page_of_file(full, table, share))
    assert not is_whole(full)
    before = full.read_bytes()
    saved = salvage(full, tmp_path / "new.db")
    assert full.read_bytes() == before
    assert PAGES - 60 < saved["pages"] <= PAGES and saved["tokens"] == 1
    assert is_whole(tmp_path / "new.db")
    with closing(open_database(tmp_path / "new.db")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        counted = {name: list(db[name].rows) for name in TABLES}
        assert sum(row["pages"] for row in counted["outlets"]) == saved["pages"]
        recount(db)
        assert {name: list(db[name].rows) for name in TABLES} == counted
        orphans = (
            "SELECT count(*) FROM pages WHERE verdict = 'undisclosed' AND revision NOT IN (SELECT revision FROM notes)"
        )
        assert db.execute(orphans).fetchone() == (0,)
        record(db, page(PAGES + 1))


@pytest.mark.parametrize("sector", [1, 4, 7])
@pytest.mark.parametrize("table", ["pages", "revisions", "notes"])
def test_zeros_that_read_as_rows_cost_no_more_than_those_rows(full, tmp_path, table, sector):
    for share in (0.2, 0.5, 0.99):
        damage(full, page_of_file(full, table, share), slice(sector * 512, sector * 512 + 512), b"\0")
    saved = salvage(full, tmp_path / "new.db")
    assert PAGES - 100 < saved["pages"] <= PAGES and saved["tokens"] == 1
    assert is_whole(tmp_path / "new.db")
    with closing(open_database(tmp_path / "new.db")) as db:
        assert {row["last_seen"] for name in ("pages", "revisions") for row in db[name].rows} == {page(0).at}


def test_a_damaged_list_of_families_is_made_anew(full, tmp_path):
    with closing(sqlite3.connect(full)) as db, db:
        db.execute("UPDATE pages SET families = '['")
    assert salvage(full, tmp_path / "new.db")["pages"] == PAGES
    with closing(sqlite3.connect(tmp_path / "new.db")) as db:
        assert db.execute("SELECT DISTINCT families FROM pages").fetchall() == [('["preamble"]',)]


def test_a_file_without_a_beginning_gives_nothing_and_says_so(full, tmp_path):
    damage(full, 1)
    with pytest.raises(HistoryDamaged, match="cannot be read: file is not a database"):
        salvage(full, tmp_path / "new.db")


def test_doctor_repairs_the_history_and_keeps_the_damaged_one(full):
    folder = str(full.parent)
    damage(full, page_of_file(full, "notes", 0.5))
    seen = CliRunner().invoke(main, ["doctor", "--data", folder])
    assert seen.exit_code == 1
    assert re.search(r"wrong +history +\S+ is damaged; stop Telltale and run `telltale doctor --repair`", seen.output)
    told = CliRunner().invoke(main, ["doctor", "--repair", "--data", folder])
    assert told.exit_code == 0, told.output
    (kept,) = moved_aside(full)
    assert f"The damaged history was moved to {kept}." in told.output
    assert re.search(rf"Got back into {full}: .*{PAGES} pages", told.output)
    again = CliRunner().invoke(main, ["doctor", "--repair", "--data", folder])
    assert "has no fault; nothing was changed" in again.output


def test_a_history_that_was_moved_aside_is_repaired_beside_it(full):
    kept = full.rename(full.with_stem("history-damaged-20261124T130000Z"))
    damage(kept, page_of_file(kept, "notes", 0.5))
    for status in (0, 1):  # the second time there is one already
        told = CliRunner().invoke(main, ["doctor", "--repair", str(kept), "--data", str(full.parent)])
        assert told.exit_code == status
    assert is_whole(kept.with_stem(f"{kept.stem}-repaired"))
    assert moved_aside(full) == [kept]
    assert not is_whole(kept)


def test_nothing_is_repaired_under_a_running_daemon(tmp_path):
    own = str(tmp_path / "history.db")
    with telltale("run", "--port", "0", "--data", str(tmp_path)) as process:
        listening_port(process)
        tells = [CliRunner().invoke(main, ["doctor", "--repair", "--data", str(tmp_path), *f]) for f in ([], [own])]
        process.send_signal(signal.SIGTERM)
    assert [(t.exit_code, "Another Telltale uses the history" in t.stderr) for t in tells] == [(1, True)] * 2


def test_another_file_is_repaired_while_a_daemon_runs(full, tmp_path):
    other = full.rename(tmp_path / "other.db")
    lock = hold(full)
    told = CliRunner().invoke(main, ["doctor", "--repair", str(other), "--data", str(tmp_path)])
    lock.release()
    assert told.exit_code == 0 and is_whole(tmp_path / "other-repaired.db")


def findings(*arguments: str) -> tuple[int, dict[str, tuple[str, str]]]:
    told = CliRunner().invoke(main, ["doctor", "--json", *arguments])
    return told.exit_code, {found["what"]: (found["state"], found["says"]) for found in json.loads(told.stdout)}


def test_doctor_says_what_runs_and_where_it_listens(tmp_path):
    with telltale("run", "--port", "0", "--data", str(tmp_path)) as process:
        port = str(listening_port(process))
        _, found = findings("--port", port, "--data", str(tmp_path))
        process.send_signal(signal.SIGTERM)
    assert found["daemon"] == ("ok", f"runs on port {port}")
    assert found["listens"][0] == "ok" and f"127.0.0.1 and ::1 port {port} alone" in found["listens"][1]
    assert found["outbound"] == ("ok", "refused to every other computer")
    assert found["history"][0] == "ok" and "0 pages" in found["history"][1]
    assert found["paired"][0] == "note"


def test_doctor_sees_a_port_that_is_open_to_other_computers(tmp_path):
    with socket.create_server(("0.0.0.0", 0)) as other:
        status, found = findings("--port", str(other.getsockname()[1]), "--data", str(tmp_path))
    assert (status, found["listens"][0]) == (1, "wrong")


def test_doctor_sees_files_that_others_may_read(full):
    full.chmod(0o644)
    full.parent.chmod(0o755)
    status, found = findings("--data", str(full.parent))
    assert (status, found["files"][0], found["folder"][0]) == (1, "wrong", "note")
    assert "history.db" in found["files"][1]


def test_doctor_sees_altered_and_missing_weights(tmp_path):
    _, found = findings("--models", str(tmp_path), "--data", str(tmp_path))
    assert found["model"][0] == "wrong" and "model.json is missing" in found["model"][1]


def test_doctor_says_how_a_daemon_would_compute(tmp_path):
    _, found = findings("--data", str(tmp_path))
    assert found["reading"][0] == "ok"
    assert re.fullmatch(r"(fp32|bf16|int8), \d threads? \(\d+ GFLOP/s\), measured now", found["reading"][1])


def test_doctor_sees_a_torch_that_cannot_be_loaded(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "telltale.classifier.precision", None)
    status, found = findings("--data", str(tmp_path))
    assert (status, found["reading"][0]) == (1, "wrong")
    assert found["reading"][1].startswith("PyTorch cannot be loaded: ")


def test_browsers_are_listed_and_unpaired(full):
    folder = ["--data", str(full.parent)]
    listed = CliRunner().invoke(main, ["browsers", *folder]).output
    pairing_id = re.fullmatch(r"([0-9a-f]{12})  1970-01-01T00:00:00Z  Chrome \(chrome-extension://a\)\n", listed)[1]
    assert CliRunner().invoke(main, ["unpair", *folder]).exit_code == 2
    wrong = CliRunner().invoke(main, ["unpair", "nobody", *folder])
    assert (wrong.exit_code, "No pairing has the ID nobody" in wrong.stderr) == (1, True)
    assert CliRunner().invoke(main, ["unpair", pairing_id, *folder]).output == f"{pairing_id} is paired no longer.\n"
    assert CliRunner().invoke(main, ["browsers", *folder]).output.startswith("No browser is paired")
    assert CliRunner().invoke(main, ["unpair", "--all", *folder]).exit_code == 0


def test_a_name_drives_no_terminal(full):
    with closing(open_database(full)) as db:
        db.execute("UPDATE tokens SET name = ?", ["\x1b[2Jx"])
    for command in ("browsers", "doctor"):
        assert "\x1b" not in CliRunner().invoke(main, [command, "--data", str(full.parent)]).output
