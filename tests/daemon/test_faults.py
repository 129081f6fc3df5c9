"""What happens to the history when files, folders, versions and clocks are not as they should be."""

from __future__ import annotations

import re
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from process import listening_port, telltale
from sqlite_utils import Database, Migrations
from telltale.cli import main
from telltale.domain import Reading, Verdict
from telltale.history import HistoryError, open_database
from telltale.history.aside import move_aside, moved_aside, open_or_begin
from telltale.history.database import HistoryDamaged
from telltale.history.lock import hold
from telltale.history.migrations import migrations
from telltale.history.queries import page_count
from telltale.history.store import Sighting, record

NOT_ONE = [b"not a database, not at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000]


def sighting(page_of, at: str = "2026-11-24T13:00:00Z") -> Sighting:
    reading = Reading(Verdict.NONE, (), (), "fake-1", 1)
    return Sighting("https://news.example/a", "news.example", page_of("Words."), reading, at)


@pytest.mark.parametrize("content", NOT_ONE)
def test_a_damaged_file_is_said_in_one_sentence_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "history.db"
    path.write_bytes(content)
    with pytest.raises(HistoryDamaged, match=r"history\.db cannot be (opened|used): .*; stop Telltale and run `.*`\.$"):
        open_database(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", NOT_ONE)
def test_the_daemon_moves_a_damaged_file_aside_and_begins_anew(tmp_path, content, caplog):
    path = tmp_path / "history.db"
    path.write_bytes(content)
    open_or_begin(path).close()
    (kept,) = moved_aside(path)
    assert kept.read_bytes() == content
    assert str(kept) in caplog.text and "telltale doctor --repair" in caplog.text
    with closing(open_database(path)) as db:
        assert page_count(db) == 0


def test_what_is_moved_aside_takes_its_other_files_along_and_covers_nothing(tmp_path):
    for i in range(3):
        for part in ("", "-wal", "-shm"):
            (tmp_path / f"history.db{part}").write_text(f"{i}{part}")
        kept = move_aside(tmp_path / "history.db", 0)
        assert [kept.with_name(kept.name + part).read_text() for part in ("", "-wal", "-shm")] == [
            f"{i}",
            f"{i}-wal",
            f"{i}-shm",
        ]
    assert len(moved_aside(tmp_path / "history.db")) == 3


def test_a_running_daemon_says_where_the_damaged_history_went(tmp_path):
    (tmp_path / "history.db").write_bytes(NOT_ONE[0])
    with telltale("run", "--port", "0", "--data", str(tmp_path)) as process:
        said = process.stderr.readline()
        listening_port(process)
        process.send_signal(signal.SIGTERM)
    assert re.search(
        r"file is not a database\. It was moved to \S+history-damaged-\S+\.db and a new history begins", said
    )


def test_a_history_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "history.db"
    open_database(path).close()
    newer = Migrations("telltale")
    newer(name="m999_of_tomorrow")(lambda db: db.execute("CREATE TABLE tomorrow (x)"))
    with closing(Database(path)) as db:
        newer.apply(db)
    for command in ("pair", "status"):
        told = CliRunner().invoke(main, [command, "--data", str(tmp_path)])
        assert (told.exit_code, told.stderr.count("\n")) == (1, 1)
        assert "was written by a newer Telltale (its step m999_of_tomorrow is unknown here)" in told.stderr
    assert moved_aside(path) == []
    with closing(Database(path)) as db:
        assert "tomorrow" in db.table_names()


def test_a_migration_that_is_interrupted_leaves_nothing_and_is_resumed(tmp_path, monkeypatch):
    path = tmp_path / "history.db"
    steps = migrations._migrations
    *_, last = steps

    def dies(db):
        last.fn(db)
        raise sqlite3.OperationalError("interrupted")

    monkeypatch.setattr(migrations, "_migrations", [*steps[:-1], replace(last, fn=dies)])
    with pytest.raises(HistoryError, match="cannot be used: interrupted"):
        open_database(path)
    with closing(Database(path)) as db:
        assert db.table_names() == []
    monkeypatch.undo()
    with closing(open_database(path)) as db:
        assert migrations.pending(db) == []


KILLED = """
import os, sys
from dataclasses import replace
from pathlib import Path
from telltale.history import open_database
from telltale.history.migrations import migrations
*_, last = migrations._migrations
def dies(db):
    last.fn(db)
    os.kill(os.getpid(), 9)
migrations._migrations[-1] = replace(last, fn=dies)
open_database(Path(sys.argv[1]))
"""


def test_a_migration_that_is_killed_is_resumed(tmp_path):
    path = tmp_path / "history.db"
    assert subprocess.run([sys.executable, "-c", KILLED, path]).returncode == -signal.SIGKILL
    with closing(open_database(path)) as db:
        assert migrations.pending(db) == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# They wait for a line, so that all are past their imports when they open the file.
OPENED = """import sys; from pathlib import Path; from telltale.history import open_database
print(flush=True); input(); open_database(Path(sys.argv[1]))"""


def test_several_processes_may_make_the_file_at_once(tmp_path):
    path = tmp_path / "history.db"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([sys.executable, "-c", OPENED, path], **pipes) for _ in range(4)]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [(p.communicate()[1], p.returncode) for p in processes] == [("", 0)] * 4


def test_no_time_goes_backwards_when_the_clock_does(db, page_of):
    record(db, sighting(page_of, "2026-11-24T13:00:00Z"))
    record(db, sighting(page_of, "2026-11-23T09:00:00Z"))
    (page,), (outlet,) = db["pages"].rows, db["outlets"].rows
    for row in (page, outlet):
        assert row["first_seen"] == row["last_seen"] == "2026-11-24T13:00:00Z"
    assert page["times_seen"] == 2


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    """Root may write everywhere, so a folder that is a file stands for it there."""
    folder = tmp_path / "data"
    folder.write_text("")
    told = CliRunner().invoke(main, ["pair", "--data", str(folder)])
    assert (told.exit_code, told.stderr.count("\n")) == (1, 1)
    assert re.search(r"The history \S+ cannot be opened: .+\.\n", told.stderr)


def test_the_lock_is_private_too(settings):
    lock = hold(settings.database)
    assert stat.S_IMODE(Path(lock.lock_file).stat().st_mode) == 0o600
    lock.release()
